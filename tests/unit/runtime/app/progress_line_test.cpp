#include "runtime/app/progress_line.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::app;

TEST_CASE("a bar has thirty places and says its share") {
  CHECK(progress_text(0, "x") == "[" + std::string(30, '.') + "] 0 %, x");
  CHECK(progress_text(0.5, "x") == "[" + std::string(15, '#') + std::string(15, '.') + "] 50 %, x");
  CHECK(progress_text(1, "x") == "[" + std::string(30, '#') + "] 100 %, x");
  CHECK(progress_text(7, "x") == progress_text(1, "x"));
  CHECK(progress_text(-1, "x") == progress_text(0, "x"));
}

TEST_CASE("sizes are told with at most one decimal") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(999) == "999 B");
  CHECK(size_text(1000) == "1.0 kB");
  CHECK(size_text(812'345) == "812 kB");
  CHECK(size_text(3'338'801'804) == "3.3 GB");
  CHECK(size_text(UINT64_MAX).ends_with(" TB"));
}
