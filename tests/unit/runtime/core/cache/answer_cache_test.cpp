#include "runtime/core/cache/answer_cache.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/cache/hand_clock.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

/// A second cache that is a table.
class table_cache : public second_cache {
public:
  void find(std::string name, std::function<void(std::optional<std::string>)> done) override {
    const auto found = entries.find(name);
    done(found == entries.end() ? std::nullopt : std::optional{found->second});
  }
  void keep(std::string name, std::string bytes, std::chrono::milliseconds lifetime) override {
    entries[std::move(name)] = std::move(bytes);
    lifetimes.push_back(lifetime);
  }
  void clear(std::string pattern, std::function<void(std::optional<std::uint64_t>)> done) override {
    cleared.push_back(std::move(pattern));
    done(0);
  }
  [[nodiscard]] second_cache_view show() const override { return {true, 0, 0}; }

  std::map<std::string, std::string> entries;
  std::vector<std::chrono::milliseconds> lifetimes;
  std::vector<std::string> cleared;
};

cache_settings switched_on() {
  cache_settings settings;
  settings.answers = true;
  settings.answer_bytes = 1024 * 1024;
  return settings;
}

answer_place place(std::string provider, answer_class what, std::uint8_t n = 1) {
  answer_place out;
  out.label = {std::move(provider), what};
  out.key.bytes[0] = n;
  return out;
}

kept_answer answer(std::string text) {
  return {.text = std::move(text),
          .model = "m",
          .finish_reason = "stop",
          .tokens = {10, 5},
          .cost = {7},
          .took = 300ms};
}

struct rig {
  std::shared_ptr<hand_clock> clock = std::make_shared<hand_clock>();
  std::shared_ptr<table_cache> table = std::make_shared<table_cache>();
  answer_cache cache{switched_on(), clock};
  answer_cache both{switched_on(), clock, table};
};

} // namespace

TEST_CASE("an answer is given again for as long as its class says") {
  rig r;
  const auto where = place("p", answer_class::chat);
  CHECK_FALSE(r.cache.find(where).answer);
  r.cache.keep(where, answer("hello"));
  const auto found = r.cache.find(where);
  REQUIRE(found.answer);
  CHECK(found.answer->text == "hello");
  CHECK(found.left == 900s);
  r.clock->time += 900s;
  CHECK_FALSE(r.cache.find(where).answer);
}

TEST_CASE("what a hit saved is counted by provider and class") {
  rig r;
  const auto where = place("p", answer_class::model);
  r.cache.missed(where.label);
  r.cache.keep(where, answer("hello"));
  r.cache.find(where);
  r.cache.find(where);
  r.cache.shared(where.label, answer("hello"));
  const auto rows = r.cache.show();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].name == "model");
  CHECK(rows[0].provider == "p");
  CHECK(rows[0].hits == 2);
  CHECK(rows[0].misses == 1);
  CHECK(rows[0].shared == 1);
  CHECK(rows[0].entries == 1);
  CHECK(rows[0].bytes > 0);
  CHECK(rows[0].saved_tokens == 45);
  CHECK(rows[0].saved == usd{21});
  CHECK(rows[0].saved_time == 600ms);
}

TEST_CASE("one provider's or one class's answers are cleared") {
  rig r;
  r.cache.keep(place("a", answer_class::chat, 1), answer("1"));
  r.cache.keep(place("b", answer_class::chat, 2), answer("2"));
  r.cache.keep(place("b", answer_class::model, 3), answer("3"));
  CHECK(r.cache.clear("a", "") == 1);
  CHECK(r.cache.clear("", "model") == 1);
  CHECK(r.cache.clear("b", "model") == 0);
  CHECK(r.cache.find(place("b", answer_class::chat, 2)).answer);
  CHECK(r.cache.clear("", "") == 1);
}

TEST_CASE("the second cache gets what is kept, and gives it to another process") {
  rig r;
  const auto where = place("p", answer_class::chat);
  r.both.keep(where, answer("hello"));
  REQUIRE(r.table->entries.size() == 1);
  CHECK(r.table->entries.begin()->first.starts_with("flipsync:answer2:p:chat:01"));
  CHECK(r.table->lifetimes == std::vector<std::chrono::milliseconds>{900s});
  answer_cache other{switched_on(), r.clock, r.table};
  std::string text;
  other.find_second(where, [&](const answer_cache::found_answer& found) {
    text = found.answer ? found.answer->text : "nothing";
  });
  CHECK(text == "hello");
  CHECK(other.find(where).answer);
  CHECK(other.show()[0].from_second == 1);
}

TEST_CASE("an answer of the second cache lives on for what is left of its lifetime alone") {
  rig r;
  const auto where = place("p", answer_class::chat);
  r.both.keep(where, answer("hello"));
  answer_cache other{switched_on(), r.clock, r.table};
  const auto left = [&] {
    std::optional<std::chrono::milliseconds> out;
    other.find_second(where, [&](const answer_cache::found_answer& found) {
      if (found.answer)
        out = found.left;
    });
    return out;
  };
  r.clock->time += 800s;
  CHECK(left() == 100s);
  CHECK(other.find(where).left == 100s);
  r.clock->time += 100s;
  CHECK_FALSE(other.find(where).answer);
  // Whatever the second cache thinks of its age.
  CHECK_FALSE(left());
}

TEST_CASE("of an answer by a clock that is ahead no more than the whole lifetime is left") {
  rig r;
  const auto where = place("p", answer_class::chat);
  auto ahead = answer("hello");
  ahead.made = r.clock->wall() + 1h;
  r.table->entries[name_of(where)] = encode(ahead);
  r.both.find_second(where, [&](const answer_cache::found_answer& found) {
    REQUIRE(found.answer);
    CHECK(found.left == 900s);
  });
}

TEST_CASE("bytes of the second cache that are no answer are a miss") {
  rig r;
  const auto where = place("p", answer_class::chat);
  r.table->entries[name_of(where)] = "rubbish";
  bool told = false;
  r.both.find_second(where, [&](const answer_cache::found_answer& found) {
    told = true;
    CHECK_FALSE(found.answer);
  });
  CHECK(told);
}

TEST_CASE("clearing names the second cache's entries by a pattern") {
  rig r;
  r.both.clear("p", "");
  r.both.clear("", "chat");
  CHECK(r.table->cleared
        == std::vector<std::string>{"flipsync:answer2:p:*:*", "flipsync:answer2:*:chat:*"});
}

TEST_CASE("where caching is off every call stands alone") {
  rig r;
  answer_cache off{cache_settings{}, r.clock};
  CHECK_FALSE(off.why_alone({}, {}, cache_use::asked).empty());
  CHECK(r.cache.why_alone({}, {}, cache_use::asked).empty());
}
