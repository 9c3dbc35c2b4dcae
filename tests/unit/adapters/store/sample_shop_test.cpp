#include <catch2/catch_test_macros.hpp>

#include <set>

#include "config/sample/generate.hpp"
#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

std::string shipped(const std::string& name) {
  std::ifstream in{std::filesystem::path{FLIPSYNC_SAMPLE_DIR} / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct sample_shop : store_fixture {
  std::vector<import_report> reports =
    import_folder(*store, FLIPSYNC_SAMPLE_DIR, options_for(import_kind::products)).value();
};

} // namespace

TEST_CASE("The shipped sample is what its generator writes") {
  const auto made = sample::generate(sample::shipped_seed);
  CHECK(made.products == shipped("products.csv"));
  CHECK(made.prices == shipped("prices.csv"));
  CHECK(made.orders == shipped("orders.csv"));
  CHECK(made.rates == shipped("rates.csv"));
}

TEST_CASE("The sample shop comes in whole, and a second time changes nothing") {
  const sample_shop shop;
  REQUIRE(shop.reports.size() == 4);
  for (const auto& report : shop.reports) {
    INFO(to_text(report));
    CHECK(report.committed);
    CHECK(report.rejected == 0);
    CHECK(report.inserted == report.rows);
  }
  CHECK(shop.reports[0].inserted >= 400);
  const auto version = shop.store->catalogue_version();
  auto later = store_fixture::options_for(import_kind::products);
  later.now += std::chrono::hours{30};
  for (const auto& report : import_folder(*shop.store, FLIPSYNC_SAMPLE_DIR, later).value())
    CHECK(report.unchanged == report.rows);
  CHECK(shop.store->catalogue_version() == version);
}

TEST_CASE("The sample shop has something to say to every agent") {
  const sample_shop shop;
  const auto summary = shop.ask<shop_summary_row>(shop_summary_query{});
  CHECK(summary.products >= 400);
  CHECK(summary.categories.size() >= 8);
  CHECK(summary.out_of_stock > 0);
  CHECK(summary.open_orders > 0);
  CHECK(summary.orders_30_days > 100);
  CHECK(summary.cost_of_sales_30_days < summary.revenue_with_cost_30_days);
  for (const auto what :
       {attention::low_stock, attention::dead_stock, attention::undercut, attention::best_sellers})
    CHECK(shop.ask<attention_rows>(attention_query{what, 5}).lines.size() == 5);
  CHECK(shop.ask<price_feed_rows>(price_feed_query{"", 10}).moves.size() == 10);
  const auto rates = shop.ask<rate_rows>(rate_query{800, "national"});
  CHECK(rates.zones.size() == 5);
  std::set<std::string> carriers;
  for (const auto& rate : rates.rates)
    carriers.insert(rate.carrier);
  CHECK(carriers.size() == 4);
}

TEST_CASE("A shopper finds what the sample shop sells") {
  const sample_shop shop;
  const auto headphones = shop.search("wireless headphones");
  REQUIRE_FALSE(headphones.hits.empty());
  CHECK(headphones.hits.front().item.title.find("Wireless Headphones") != std::string::npos);
  const auto wine = shop.search("wine");
  CHECK(wine.total == 36);
  for (const auto& hit : wine.hits)
    CHECK(hit.item.age_restricted);
  CHECK(shop.search("solene").total == 9);
}
