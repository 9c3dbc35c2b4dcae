#include "adapters/bridge/descriptor_limit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

using flipsync::allow_descriptors;

TEST_CASE("the limit of descriptors is raised as far as it may be, and never lowered") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  auto low = before;
  low.rlim_cur = 512;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);

  CHECK(allow_descriptors(100) == 512);
  CHECK(allow_descriptors(600) == 600);
  CHECK(allow_descriptors(static_cast<std::size_t>(before.rlim_max) + 1) == before.rlim_max);
  rlimit after{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
  CHECK(after.rlim_cur == before.rlim_max);

  CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}
