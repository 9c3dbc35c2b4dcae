#include "runtime/core/model/key_rota.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/model/start_time.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using flipsync::test::start;

namespace {

key_rota three(rate_limits rate = {}) { return key_rota{3, {}, rate}; }

/// Begins an attempt with whose turn it is; its number.
std::size_t go(key_rota& keys, mono_time now = start) {
  const auto key = keys.pick("m", 0, now, false);
  REQUIRE(key);
  keys.began(*key, "m", now);
  return *key;
}

void fail(key_rota& keys, std::size_t key, fault what, int times = 1,
          std::chrono::milliseconds rest = 0ms) {
  for (int i = 0; i < times; ++i)
    keys.failed(key, "m", start, start, what, rest);
}

} // namespace

TEST_CASE("keys go in turn") {
  auto keys = three();
  CHECK(go(keys) == 0);
  CHECK(go(keys) == 1);
  CHECK(go(keys) == 2);
  CHECK(go(keys) == 0);
}

TEST_CASE("a key that is refused is passed over until its time is over or it is lifted") {
  auto keys = three();
  fail(keys, 1, fault::key_refused);
  CHECK(go(keys) == 0);
  CHECK(go(keys) == 2);
  CHECK(keys.any_refused());
  CHECK(keys.look("m", 0, start).out == shut_out::no);
  CHECK(keys.may_go(1, "m", start + 10min));
  keys.lift();
  CHECK(keys.may_go(1, "m", start));
  CHECK_FALSE(keys.any_refused());
}

TEST_CASE("only when all keys are refused the provider is out for its keys") {
  auto keys = three();
  for (const std::size_t key : {0U, 1U, 2U})
    fail(keys, key, fault::key_refused);
  CHECK(keys.look("m", 0, start).out == shut_out::key);
  CHECK_FALSE(keys.pick("m", 0, start, true));
  keys.succeeded(1, "m", start);
  CHECK(keys.look("m", 0, start).out == shut_out::no);
}

TEST_CASE("a key that rests is passed over, and is waited for where all rest") {
  auto keys = three();
  fail(keys, 0, fault::rate_limited, 1, 3s);
  CHECK(go(keys) == 1);
  CHECK(go(keys) == 2);
  CHECK(go(keys) == 1);
  fail(keys, 1, fault::rate_limited, 1, 2s);
  fail(keys, 2, fault::rate_limited, 1, 5s);
  CHECK(keys.look("m", 0, start).not_before == start + 2s);
  CHECK(keys.resting(start) == 2s);
  CHECK(keys.pick("m", 0, start, false) == 1U);
  CHECK(go(keys, start + 4s) == 0); // two may go, and it is its turn
}

TEST_CASE("a minute that is full leaves the other keys theirs") {
  auto keys = three({.requests_per_minute = 1});
  for (const std::size_t expected : {0U, 1U, 2U}) {
    const auto place = keys.take_place("m", 10, start, start + 1s);
    REQUIRE(place);
    CHECK(place->key == expected);
    CHECK(place->at == start);
    keys.began(place->key, "m", start);
  }
  CHECK(keys.look("m", 10, start).not_before == start + 60s);
  CHECK_FALSE(keys.take_place("m", 10, start, start + 1s));
  keys.settle_place({1, start}, 10, 0);
  CHECK(keys.take_place("m", 10, start, start + 1s)->key == 1);
}

TEST_CASE("a model that fails with one key is left alone with that key only") {
  auto keys = three();
  fail(keys, 0, fault::server_error, 5);
  CHECK_FALSE(keys.may_go(0, "m", start));
  CHECK(keys.may_go(0, "other", start));
  CHECK(go(keys) == 1);
  CHECK(go(keys) == 2);
  CHECK(go(keys) == 1);
  CHECK(keys.models_out(start).empty());
  CHECK(keys.look("m", 0, start).out == shut_out::no);
  fail(keys, 1, fault::server_error, 5);
  fail(keys, 2, fault::server_error, 5);
  CHECK(keys.look("m", 0, start).out == shut_out::breaker);
  CHECK(keys.models_out(start).size() == 1);
  CHECK(keys.pick("m", 0, start, true)); // the last provider of a chain is asked all the same
}

TEST_CASE("a key whose quota is used up is left alone, and the provider is not") {
  auto keys = three();
  fail(keys, 0, fault::quota_used_up, 5);
  CHECK(keys.breaker(start) == circuit_breaker::state::closed);
  CHECK_FALSE(keys.may_go(0, "other", start));
  CHECK(key_rota{1, {}, {}}.breaker(start) == circuit_breaker::state::closed);
}

TEST_CASE("one probe goes out with a key that comes back, and its ramp adds to the others") {
  auto keys = three();
  fail(keys, 0, fault::server_error, 5);
  CHECK(keys.allowed("m", 8) == 8);
  const auto later = start + 5s;
  CHECK(go(keys, later) == 0);
  CHECK_FALSE(keys.may_go(0, "m", later));
  keys.succeeded(0, "m", later);
  CHECK(keys.may_go(0, "m", later));
  key_rota one{1, {}, {}};
  fail(one, 0, fault::server_error, 5);
  one.began(0, "m", later);
  one.succeeded(0, "m", later);
  CHECK(one.allowed("m", 8) == 1);
}

TEST_CASE("operators see each key") {
  auto keys = three();
  go(keys);
  fail(keys, 0, fault::key_refused);
  fail(keys, 1, fault::server_error, 5);
  fail(keys, 2, fault::rate_limited, 1, 2s);
  const auto seen = keys.snapshot(start);
  REQUIRE(seen.size() == 3);
  CHECK(to_string(seen[0].what) == "refused");
  CHECK(seen[0].attempts == 1);
  CHECK(to_string(seen[1].what) == "left_alone");
  CHECK(seen[1].models_out == std::vector<std::string>{"m"});
  CHECK(to_string(seen[2].what) == "resting");
  CHECK(seen[2].resting == 2s);
  CHECK(to_string(three().snapshot(start)[0].what) == "in_use");
}
