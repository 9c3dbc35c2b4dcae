#include "agents/common/velocity.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <limits>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Approx;

namespace {

product_dossier_row row_with(std::optional<double> stated, sales_window days14,
                             sales_window days30) {
  auto item = make_product("A-1", "Mug", 100);
  item.velocity_per_day = stated;
  auto row = make_dossier(item);
  row.last_14_days = days14;
  row.last_30_days = days30;
  return row;
}

} // namespace

TEST_CASE("the orders' figure wins from 14 days of orders on") {
  CHECK(velocity_of(row_with(9, make_window(14, 28), make_window(14, 28)))->per_day == Approx(2));
  CHECK(velocity_of(row_with(9, make_window(13, 26), make_window(13, 26)))->per_day == Approx(9));
  const auto v = velocity_of(row_with(9, make_window(14, 28), make_window(30, 30)));
  CHECK(v->per_day == Approx(1));
  CHECK(origin(*v) == "from 30 days of orders");
}

TEST_CASE("the shorter window counts where only it was read") {
  CHECK(velocity_of(row_with({}, make_window(14, 7), {}))->per_day == Approx(0.5));
}

TEST_CASE("a product that did not sell in those days has a velocity of zero, not the catalogue's") {
  const auto v = velocity_of(row_with(5, make_window(14, 0), make_window(30, 0)));
  REQUIRE(v);
  CHECK(v->per_day == 0);
  CHECK(v->source == velocity_source::orders);
  CHECK(velocity_of(row_with(5, {}, make_window(30, -4)))->per_day == 0);
}

TEST_CASE("without orders the catalogue's figure counts, if it is one") {
  const auto v = velocity_of(row_with(0.4, {}, {}));
  REQUIRE(v);
  CHECK(v->source == velocity_source::catalogue);
  CHECK(origin(*v) == "as the catalogue states");
  CHECK_FALSE(velocity_of(row_with({}, {}, {})));
  CHECK_FALSE(velocity_of(row_with(-1, {}, {})));
  CHECK_FALSE(velocity_of(row_with(std::numeric_limits<double>::quiet_NaN(), {}, {})));
  CHECK_FALSE(velocity_of(product_dossier_row{}));
}
