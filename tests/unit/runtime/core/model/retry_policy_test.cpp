#include "runtime/core/model/retry_policy.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/model/start_time.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using flipsync::test::start;

namespace {

const core_settings settings;

std::optional<next_attempt> next(const std::vector<route_state>& routes) {
  return next_of(routes, start, start + 30s, 100ms);
}

route_state paused(std::chrono::milliseconds pause) { return {.not_before = start + pause}; }

} // namespace

TEST_CASE("each fault has the attempts that the table gives it") {
  CHECK(conduct_of(fault::rate_limited, settings).attempts == 3);
  CHECK(conduct_of(fault::server_error, settings).attempts == 3);
  CHECK(conduct_of(fault::unreachable, settings).attempts == 2);
  for (const auto f : {fault::silent, fault::slow_start, fault::context_too_long,
                       fault::key_refused, fault::quota_used_up, fault::model_refused,
                       fault::request_refused, fault::no_room, fault::oversized, fault::wordless}) {
    CHECK(conduct_of(f, settings).attempts == 1);
    CHECK(conduct_of(f, settings).elsewhere);
  }
}

TEST_CASE("a stream that broke is told by somebody else, or once more by the same") {
  for (const auto f : {fault::cut, fault::stalled, fault::garbled}) {
    CHECK(conduct_of(f, settings).rather_elsewhere);
    CHECK(conduct_of(f, settings).attempts == 2);
  }
}

TEST_CASE("only a silent route is left alone for the whole turn") {
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto f = static_cast<fault>(i);
    CHECK(conduct_of(f, settings).not_again_in_turn == (f == fault::silent));
  }
}

TEST_CASE("what is the request's own fault goes nowhere else") {
  for (const auto f : {fault::filtered, fault::final_here})
    CHECK_FALSE(conduct_of(f, settings).elsewhere);
}

TEST_CASE("only an attempt that lost the race does not count") {
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto f = static_cast<fault>(i);
    CHECK(conduct_of(f, settings).counts == (f != fault::outrun));
  }
}

TEST_CASE("a setting of one attempt allows one, whatever the fault") {
  core_settings once;
  once.retry_attempts = 1;
  for (const auto f : {fault::rate_limited, fault::server_error, fault::unreachable, fault::cut})
    CHECK(conduct_of(f, once).attempts == 1);
}

TEST_CASE("the jitter is full, doubles with each attempt, and keeps to its cap") {
  const error down{errc::provider_unavailable, "down"};
  CHECK(wait_before_retry(settings, down, 1, 0) == 0ms);
  for (std::uint64_t random = 0; random < 1000; ++random) {
    CHECK(wait_before_retry(settings, down, 1, random) <= settings.retry_base);
    CHECK(wait_before_retry(settings, down, 2, random) <= 2 * settings.retry_base);
    CHECK(wait_before_retry(settings, down, 39, random * 7919) <= settings.retry_cap);
  }
  CHECK(wait_before_retry(settings, down, 1, 50) == 50ms); // the whole of it is used
}

TEST_CASE("a rate limit waits from its own, longer base") {
  const error busy{errc::rate_limited, "busy"};
  CHECK(wait_before_retry(settings, busy, 1, 1000) == 1s);
  CHECK(wait_before_retry(settings, busy, 2, 2000) == 2s);
}

TEST_CASE("what the provider asked for is waited exactly") {
  error busy{errc::rate_limited, "busy"};
  busy.retry_after = 1234ms;
  CHECK(wait_before_retry(settings, busy, 1, 5) == 1234ms);
  busy.retry_after = -5ms;
  CHECK(wait_before_retry(settings, busy, 1, 5) == 0ms);
}

TEST_CASE("the first route that can go now goes first") {
  CHECK(next({{}, {}})->route == 0);
  CHECK(next({{.closed = true}, {}})->route == 1);
}

TEST_CASE("a short pause is sat out, a long one never delays a fallback that could already run") {
  const auto after_short = next({paused(80ms), {}});
  CHECK(after_short->route == 0);
  CHECK(after_short->at == start + 80ms);
  const auto after_long = next({paused(2s), {}});
  CHECK(after_long->route == 1);
  CHECK(after_long->at == start);
}

TEST_CASE("a long pause is sat out where nobody else can answer, and the shortest one first") {
  CHECK(next({paused(2s), {.closed = true}})->at == start + 2s);
  CHECK(next({paused(2s), paused(1s)})->route == 1);
}

TEST_CASE("a pause that does not fit the deadline is not begun") {
  CHECK_FALSE(next({paused(30s)}).has_value());
  CHECK_FALSE(next({}).has_value());
  CHECK_FALSE(next_of({{}}, start, start, 100ms).has_value());
}

TEST_CASE("a last resort comes after all others that can go now, and before a long pause") {
  CHECK(next({{.last_resort = true}, {}})->route == 1);
  CHECK(next({{.last_resort = true}, {.closed = true}})->route == 0);
  CHECK(next({{.last_resort = true}, paused(2s)})->route == 0);
}
