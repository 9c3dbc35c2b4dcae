#include "runtime/app/doctor/cores_check.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace flipsync;
using namespace flipsync::app;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("cores that wake slowly are told of, and what spares requests that") {
  bridge_settings door;
  const auto slow = check_cores(door, true, 52us);
  CHECK(slow.how == verdict::ok);
  CHECK_THAT(slow.detail, ContainsSubstring("52 us") && ContainsSubstring("keep_cores_awake"));
  CHECK_THAT(check_cores(door, false, 6us).detail,
             ContainsSubstring("6 us") && !ContainsSubstring("keep_cores_awake"));
}

TEST_CASE("cores that are to be kept awake without the right to are a problem") {
  bridge_settings door;
  door.keep_cores_awake = 20ms;
  CHECK(check_cores(door, true, 52us).how == verdict::ok);
  const auto refused = check_cores(door, false, 52us);
  CHECK(refused.how == verdict::problem);
  CHECK_THAT(refused.detail, ContainsSubstring("/dev/cpu_dma_latency"));
  CHECK_FALSE(refused.advice.empty());
  door.wake_latency_device = "/nowhere/device";
  CHECK(check_cores(door).how == verdict::problem);
}

TEST_CASE("the time that waking takes is measured") {
  const auto took = measure_wake();
  CHECK(took < 1s);
  CHECK(took >= 0us);
}
