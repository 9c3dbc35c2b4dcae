#include "agents/common/rows.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("rows are read by type, and a missing one is empty") {
  const store_rows orders = order_rows{{order_line{}}};
  const std::vector<const store_rows*> rows{&orders, nullptr};
  CHECK(row_as<order_rows>(rows, 0).lines.size() == 1);
  CHECK(row_as<order_rows>(rows, 1).lines.empty());
  CHECK(row_as<order_rows>(rows, 2).lines.empty());
  CHECK(row_as<rate_rows>(rows, 0).rates.empty());
}

TEST_CASE("rows must answer their queries") {
  const store_rows orders = order_rows{};
  CHECK(check_rows({}, {}).has_value());
  CHECK(check_rows({order_query{}}, {&orders}).has_value());
  CHECK(check_rows({order_query{}}, {nullptr}).has_value());
  CHECK(check_rows({rate_query{}}, {&orders}).error().code == errc::internal);
  CHECK(check_rows({order_query{}}, {}).error().code == errc::internal);
  CHECK(check_rows({}, {&orders}).error().code == errc::internal);
}
