#include "runtime/core/text/public_columns.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("columns of the shop's own business are not public") {
  for (const auto* name : {"cost", "Cost per item", "landed_cost", "unit-cost", "margin_pct",
                           "marginpct", "wholesale_price", "supplier", "vendor_sku", "safety_stock",
                           "reorder_point", "MSRP", "internal notes", "costprice"}) {
    INFO(name);
    CHECK_FALSE(is_public_column(name));
  }
}

TEST_CASE("columns about the product are public") {
  for (const auto* name :
       {"color", "battery_hours", "thc_percent", "effects", "material", "region", "vintage"}) {
    INFO(name);
    CHECK(is_public_column(name));
  }
}

TEST_CASE("a column's name is told in words") {
  CHECK(column_words("battery_hours") == "battery hours");
}
