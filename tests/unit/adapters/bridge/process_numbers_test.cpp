#include "adapters/bridge/process_numbers.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("a running process has memory, threads and spent some time") {
  const auto numbers = flipsync::read_process_numbers();
  CHECK(numbers.resident_bytes > 1024 * 1024);
  CHECK(numbers.threads >= 1);
  CHECK(numbers.cpu.count() > 0);
}
