#include "runtime/app/exit_code.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::app;

TEST_CASE("an exit code tells wrong use from what cannot be reached and from other failures") {
  CHECK(exit_code_of(errc::none) == 0);
  CHECK(exit_code_of(errc::cancelled) == 1);
  CHECK(exit_code_of(errc::deadline_exceeded) == 1);
  CHECK(exit_code_of(errc::invalid_request) == 2);
  CHECK(exit_code_of(errc::not_found) == 2);
  CHECK(exit_code_of(errc::provider_unavailable) == 3);
  CHECK(exit_code_of(errc::store_failed) == 3);
}
