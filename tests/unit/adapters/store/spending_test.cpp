#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

const day_point monday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

spending_row row_of(std::string tenant, std::string model, std::int64_t nanos) {
  spending_row row;
  row.day = monday;
  row.tenant = std::move(tenant);
  row.provider = "openai";
  row.model = std::move(model);
  row.answers = 1;
  row.tokens_in = 10;
  row.tokens_out = 5;
  row.cost = {nanos};
  return row;
}

} // namespace

TEST_CASE("What is spent adds up by day, tenant and model, and is there after a restart") {
  const store_fixture shop;
  auto* book = shop.store->spending();
  REQUIRE(book->add({row_of("a", "x", 100), row_of("b", "x", 7)}).has_value());
  auto lost = row_of("a", "x", 0);
  lost.answers = 0;
  lost.failures = 1;
  lost.wasted = {3};
  auto next_day = row_of("a", "x", 50);
  next_day.day += std::chrono::days{1};
  REQUIRE(book->add({lost, row_of("a", "y", 1), next_day}).has_value());

  const auto again = test::must_open(shop.folder.path() / "data");
  const auto rows = again->spending()->of_day(monday).value();
  REQUIRE(rows.size() == 3);
  auto sum = row_of("a", "x", 100);
  sum.failures = 1;
  sum.tokens_in = 20;
  sum.tokens_out = 10;
  sum.wasted = {3};
  CHECK(rows[0] == sum);
  CHECK(rows[1] == row_of("a", "y", 1));
  CHECK(rows[2] == row_of("b", "x", 7));
  CHECK(again->spending()->of_day(monday - std::chrono::days{1}).value().empty());
}

TEST_CASE("Nothing to add is no error") {
  const store_fixture shop;
  CHECK(shop.store->spending()->add({}).has_value());
}
