#include "runtime/core/model/provider_health.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/model/start_time.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using flipsync::test::start;

namespace {

const error fine;
const error broken{errc::provider_unavailable, "broken"};

error refused_connection() {
  return error{errc::provider_unavailable, "refused"}.with("phase", "connect");
}

error refused_key() { return error{errc::provider_rejected, "no"}.with("reason", "key"); }

void fail(provider_health& health, const char* model, const error& why, int times) {
  for (int i = 0; i < times; ++i)
    health.end(0, model, start, start, why);
}

} // namespace

TEST_CASE("a model that fails is left alone, and the provider's other models are not") {
  provider_health health;
  fail(health, "large", broken, 5);
  CHECK(health.look("large", 0, start).out == shut_out::breaker);
  CHECK(health.look("small", 0, start).out == shut_out::no);
  CHECK(health.snapshot(start).models.size() == 1);
}

TEST_CASE("a provider that cannot be reached is left alone with all its models") {
  provider_health health;
  fail(health, "large", refused_connection(), 5);
  CHECK(health.look("small", 0, start).out == shut_out::breaker);
  CHECK(health.snapshot(start).breaker == circuit_breaker::state::open);
}

TEST_CASE("one probe is let through, unless a call insists") {
  provider_health health;
  fail(health, "m", broken, 5);
  const auto later = start + 5s;
  CHECK(health.begin("m", later, false));
  CHECK_FALSE(health.begin("m", later, false));
  CHECK(health.begin("m", later, true));
  health.end(0, "m", later, later, fine);
  CHECK(health.look("m", 0, later).out == shut_out::no);
  CHECK(health.allowed("m", 10) == 1);
}

TEST_CASE("a refused key is out at once, and tried again after its time") {
  provider_health health;
  health.end(0, "m", start, start, refused_key());
  CHECK(health.look("m", 0, start).out == shut_out::key);
  CHECK(health.snapshot(start).key_refused);
  CHECK(health.look("m", 0, start + 10min).out == shut_out::no);
  health.end(0, "m", start + 10min, start + 10min, fine);
  CHECK_FALSE(health.snapshot(start + 10min).key_refused);
}

TEST_CASE("a pause that the provider asked for holds for every call") {
  provider_health health;
  error busy{errc::rate_limited, "busy"};
  busy.retry_after = 3s;
  health.end(0, "m", start, start, busy);
  CHECK(health.look("m", 0, start + 1s).not_before == start + 3s);
  CHECK(health.look("m", 0, start + 4s).not_before == start + 4s);
  CHECK(health.snapshot(start + 1s).resting == 2s);
  CHECK(health.look("m", 0, start).out == shut_out::no);
}

TEST_CASE("retries and hedges draw on one bucket, and are counted apart") {
  provider_health health;
  for (int i = 0; i < 3; ++i) {
    CHECK(health.draw(true));
    CHECK(health.draw(false));
  }
  CHECK_FALSE(health.draw(false));
  CHECK(health.snapshot(start).hedges == 3);
  CHECK(health.snapshot(start).retries == 3);
  for (int i = 0; i < 10; ++i)
    health.end(0, "m", start, start, fine);
  CHECK(health.draw(false));
}

TEST_CASE("a full minute shows as a time not to begin before") {
  provider_health health{{}, {.requests_per_minute = 1}};
  const auto place = health.take_place("m", 10, start, start + 30s);
  REQUIRE(place);
  CHECK(place->at == start);
  CHECK(health.look("m", 10, start).not_before == start + 60s);
  CHECK_FALSE(health.take_place("m", 10, start, start + 30s).has_value());
  health.settle_place(*place, 10, 0);
  CHECK(health.take_place("m", 10, start, start + 30s)->at == start);
}

TEST_CASE("one bad key of several leaves the provider's breaker closed") {
  provider_health health{{}, {}, 2};
  const error used_up = error{errc::provider_rejected, "no"}.with("limit", "quota");
  for (int i = 0; i < 10; ++i)
    health.end(0, "m", start, start, i % 2 == 0 ? used_up : broken);
  CHECK(health.snapshot(start).breaker == circuit_breaker::state::closed);
  CHECK(health.snapshot(start).models.empty());
  CHECK(health.look("m", 0, start).out == shut_out::no);
  CHECK(health.begin("m", start, false) == 1U);
  CHECK(health.begin("m", start, false) == 1U);
}

TEST_CASE("a provider that cannot be reached is left alone whichever key was shown") {
  provider_health health{{}, {}, 5};
  for (std::size_t key = 0; key < 5; ++key)
    health.end(key, "m", start, start, refused_connection());
  CHECK(health.look("m", 0, start).out == shut_out::breaker);
}

TEST_CASE("a limit without a time lets one of several keys rest, and an only one not") {
  const error busy{errc::rate_limited, "busy"};
  provider_health one;
  one.end(0, "m", start, start, busy, 500ms);
  CHECK(one.look("m", 0, start).not_before == start);
  CHECK_FALSE(one.has_other_key(0, fault::rate_limited, "m", 0, start));
  provider_health two{{}, {}, 2};
  two.end(0, "m", start, start, busy, 500ms);
  CHECK(two.has_other_key(0, fault::rate_limited, "m", 0, start));
  CHECK(two.begin("m", start, false) == 1U);
  two.end(1, "m", start, start, busy, 900ms);
  CHECK_FALSE(two.has_other_key(1, fault::rate_limited, "m", 0, start));
  CHECK(two.look("m", 0, start).not_before == start + 500ms);
}

TEST_CASE("the key that has failed is no other key, though it is the only one left") {
  const error used_up = error{errc::provider_rejected, "no"}.with("limit", "quota");
  provider_health two{{}, {}, 2};
  two.end(0, "m", start, start, refused_key());
  CHECK(two.has_other_key(0, fault::key_refused, "m", 0, start));
  two.end(1, "m", start, start, used_up);
  CHECK_FALSE(two.has_other_key(1, fault::quota_used_up, "m", 0, start));
  // Nor is one that is used up itself, and rests.
  provider_health three{{}, {}, 3};
  three.end(0, "m", start, start, refused_key());
  three.end(1, "m", start, start, used_up);
  three.end(2, "m", start, start + 1ms, used_up);
  CHECK_FALSE(three.has_other_key(2, fault::quota_used_up, "m", 0, start + 1ms));
}

TEST_CASE("a place in the minute of a key that is refused meanwhile does not hold") {
  provider_health health{{}, {.requests_per_minute = 1}, 2};
  const auto place = health.take_place("m", 10, start, start + 30s);
  REQUIRE(place);
  CHECK(health.place_holds(*place, "m", start));
  health.end(place->key, "m", start, start, refused_key());
  CHECK_FALSE(health.place_holds(*place, "m", start));
  CHECK(health.has_other_key(place->key, fault::key_refused, "m", 10, start));
  health.lift_keys();
  CHECK(health.place_holds(*place, "m", start));
}

TEST_CASE("failures are counted by kind, and a cancelled attempt is none of the provider's") {
  provider_health health;
  fail(health, "m", broken, 2);
  fail(health, "m", error{errc::cancelled}, 20);
  const auto seen = health.snapshot(start);
  CHECK(seen.failures[static_cast<std::size_t>(fault::server_error)] == 2);
  CHECK(health.look("m", 0, start).out == shut_out::no);
}

TEST_CASE("however many models are named, the breakers are bounded") {
  provider_health health;
  for (int i = 0; i < 1000; ++i)
    health.end(0, "model-" + std::to_string(i), start, start, broken);
  CHECK(health.snapshot(start).models.size() <= 64);
}
