#include "runtime/core/model/retry_policy.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

const core_settings settings;

retry_decision decided(errc code, std::uint32_t attempts, bool more = false,
                       std::chrono::milliseconds remaining = 30s, std::uint64_t random = 0) {
  const error why{code, "scripted"};
  return decide(settings, {why, attempts, more, remaining, random});
}

} // namespace

TEST_CASE("what may pass is tried three times in all at one provider") {
  for (const auto code : {errc::provider_unavailable, errc::rate_limited, errc::malformed_reply}) {
    CHECK(decided(code, 1).step == next_step::retry_same);
    CHECK(decided(code, 2).step == next_step::retry_same);
    CHECK(decided(code, 3).step == next_step::give_up);
    CHECK(decided(code, 3, true).step == next_step::next_provider);
  }
}

TEST_CASE("a silent or refusing provider is not asked again, but another one is") {
  for (const auto code :
       {errc::deadline_exceeded, errc::provider_rejected, errc::overloaded, errc::agent_down}) {
    CHECK(decided(code, 1).step == next_step::give_up);
    CHECK(decided(code, 1, true).step == next_step::next_provider);
  }
}

TEST_CASE("what is the request's own fault goes nowhere else") {
  for (const auto code : {errc::content_filtered, errc::context_too_long, errc::cancelled,
                          errc::invalid_request, errc::over_budget})
    CHECK(decided(code, 1, true).step == next_step::give_up);
}

TEST_CASE("the jitter is full, doubles with each attempt, and keeps to its cap") {
  CHECK(decided(errc::provider_unavailable, 1, false, 30s, 0).wait == 0ms);
  for (std::uint64_t random = 0; random < 1000; ++random) {
    CHECK(decided(errc::provider_unavailable, 1, false, 30s, random).wait <= settings.retry_base);
    CHECK(decided(errc::provider_unavailable, 2, false, 30s, random).wait
          <= 2 * settings.retry_base);
  }
  core_settings patient = settings;
  patient.retry_attempts = 40;
  const error why{errc::rate_limited, "busy"};
  for (std::uint64_t random = 0; random < 100; ++random)
    CHECK(decide(patient, {why, 39, false, 60s, random * 7919}).wait <= patient.retry_cap);
}

TEST_CASE("what the provider asked for is waited exactly, where it fits") {
  error why{errc::rate_limited, "busy"};
  why.retry_after = 1234ms;
  CHECK(decide(settings, {why, 1, false, 30s, 5}).wait == 1234ms);
  CHECK(decide(settings, {why, 1, false, 1234ms, 5}).step == next_step::give_up);
  CHECK(decide(settings, {why, 1, true, 1s, 5}).step == next_step::next_provider);
}
