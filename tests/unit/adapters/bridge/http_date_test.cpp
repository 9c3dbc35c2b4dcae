#include "adapters/bridge/http_date.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("a date is written as the standard's own example") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(1'709'251'199) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("now lies between two looks at the clock") {
  const auto before = std::time(nullptr);
  const std::string now{http_date_now()};
  const auto after = std::time(nullptr);
  bool found = false;
  for (auto t = before; t <= after; ++t)
    found = found || http_date(t) == now;
  CHECK(found);
}
