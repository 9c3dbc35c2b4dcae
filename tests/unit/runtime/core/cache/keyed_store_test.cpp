#include "runtime/core/cache/keyed_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

using store = keyed_store<int>;

/// Keys of one shard, so that they compete for its bytes.
digest256 key(std::uint8_t n) {
  digest256 out;
  out.bytes[0] = n;
  return out;
}

struct store_rig {
  mono_time now{1h};
  store kept{store::shards * 1000};
  std::vector<std::string> evicted;

  bool keep(std::uint8_t n, int value, std::size_t bytes = 100, std::string provider = "p",
            answer_class what = answer_class::chat) {
    return kept.keep(key(n), {std::move(provider), what}, std::make_shared<const int>(value), bytes,
                     now + 10s,
                     [&](const answer_label& gone) { evicted.push_back(gone.provider); });
  }
  int find(std::uint8_t n) {
    const auto found = kept.find(key(n), now);
    return found.value ? *found.value : -1;
  }
};

} // namespace

TEST_CASE("what is kept is found until its time is over") {
  store_rig r;
  CHECK(r.find(1) == -1);
  CHECK(r.keep(1, 11));
  CHECK(r.find(1) == 11);
  r.now += 9999ms;
  CHECK(r.find(1) == 11);
  r.now += 1ms;
  CHECK(r.find(1) == -1);
}

TEST_CASE("the least recently used goes first, and bytes stay within the bound") {
  store_rig r;
  r.keep(1, 11, 100, "one");
  r.keep(2, 22, 100, "two");
  CHECK(r.find(1) == 11);
  r.keep(3, 33, 200, "three");
  CHECK(r.evicted == std::vector<std::string>{"two"});
  CHECK(r.find(1) == 11);
  CHECK(r.find(2) == -1);
  CHECK(r.find(3) == 33);
  std::size_t bytes = 0;
  r.kept.look([&](const answer_label&, std::size_t each) { bytes += each; });
  CHECK(bytes <= 1000);
}

TEST_CASE("what is larger than a shard is not kept and drives nobody out") {
  store_rig r;
  r.keep(1, 11);
  CHECK_FALSE(r.keep(2, 22, 1000));
  CHECK(r.find(1) == 11);
  CHECK(r.evicted.empty());
}

TEST_CASE("the same key takes its entry's place") {
  store_rig r;
  r.keep(1, 11);
  r.keep(1, 12);
  CHECK(r.find(1) == 12);
  CHECK(r.kept.drop([](const answer_label&) { return true; }) == 1);
}

TEST_CASE("entries are dropped by their label") {
  store_rig r;
  r.keep(1, 11, 10, "a", answer_class::chat);
  r.keep(2, 22, 10, "b", answer_class::chat);
  r.keep(3, 33, 10, "a", answer_class::model);
  CHECK(r.kept.drop([](const answer_label& l) { return l.provider == "a"; }) == 2);
  CHECK(r.find(2) == 22);
  CHECK(r.kept.drop([](const answer_label& l) { return l.what == answer_class::model; }) == 0);
}

TEST_CASE("a store without room keeps nothing") {
  store none{0};
  CHECK_FALSE(none.keep(key(1), {}, std::make_shared<const int>(1), 0, mono_time{1h},
                        [](const answer_label&) {}));
}
