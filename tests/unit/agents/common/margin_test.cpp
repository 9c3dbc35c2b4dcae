#include "agents/common/margin.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace flipsync;
using Catch::Approx;

TEST_CASE("a margin needs a cost and a price above zero") {
  CHECK(margin_of(money{5000}, money{3500}).value() == Approx(0.3));
  CHECK(margin_of(money{1000}, money{1500}).value() == Approx(-0.5));
  CHECK_FALSE(margin_of(money{5000}, std::nullopt));
  CHECK_FALSE(margin_of(money{0}, money{10}));
  CHECK_FALSE(margin_of(money{-100}, money{10}));
}

TEST_CASE("margins are compared exactly") {
  CHECK_FALSE(margin_above(money{5000}, money{3500}, 30));
  CHECK(margin_above(money{5000}, money{3499}, 30));
  CHECK(margin_at_least(money{5000}, money{4250}, 15));
  CHECK_FALSE(margin_at_least(money{5000}, money{4251}, 15));
  CHECK_FALSE(margin_above(money{0}, money{0}, 30));
  CHECK_FALSE(margin_at_least(money{0}, money{0}, 15));
}

TEST_CASE("the floor is cost × 1.1 rounded up, and a price on it is not below it") {
  CHECK(floor_price(money{1000}) == money{1100});
  CHECK(floor_price(money{1001}) == money{1102});
  CHECK(floor_price(money{0}) == money{0});
  for (const std::int64_t cents : {1, 7, 99, 1000, 1001, 3010, 123457}) {
    const money cost{cents};
    CHECK_FALSE(below_floor(floor_price(cost), cost));
    CHECK(below_floor(floor_price(cost) - money{1}, cost));
  }
}

TEST_CASE("sums and products stay at the ends of the range") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(times(money{250}, 4) == money{1000});
  CHECK(times(money{most / 2}, 3) == money{most});
  CHECK(times(money{-most / 2}, 3) == money{least});
  CHECK(times(money{-most / 2}, -3) == money{most});
  CHECK(plus(money{1}, money{2}) == money{3});
  CHECK(plus(money{most}, money{1}) == money{most});
  CHECK(plus(money{least}, money{-1}) == money{least});
}
