#include "agents/market/market_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop market_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 5000);
  item.cost = money{4000};
  auto row = make_dossier(item);
  row.rivals = {make_rival("Acme", 4000), make_rival("Bolt", 4500), make_rival("Core", 4800),
                make_rival("Dune", 6000)};
  row.last_14_days = make_window(14, 28);
  row.last_30_days = make_window(30, 45, 225000);
  row.last_90_days = make_window(90, 90);
  shop.products = {row};
  shop.best_sellers = {row};
  return shop;
}

} // namespace

TEST_CASE("the price band tells range, percentile and position") {
  const auto all = market::skills();
  const auto out = market_shop().tell(find(all, "price_band"), "Where does AU-0012 stand?");
  CHECK(out.facts[0]
        == "Blue Ridge Headphones (SKU AU-0012) sells at $50.00 in a market from $40.00 to $60.00; "
           "75 % of the "
           "competitors' prices are lower, which is a middle position.");
  CHECK_THAT(out.facts[1], ContainsSubstring("$48.25") && ContainsSubstring("4 prices"));
}

TEST_CASE("a price band without rivals says what is missing") {
  auto shop = market_shop();
  shop.products[0].rivals.clear();
  const auto all = market::skills();
  CHECK(shop.tell(find(all, "price_band"), "AU-0012").missing
        == std::vector<std::string>{"competitor prices"});
}

TEST_CASE("sales velocity tells pace, window, revenue and trend") {
  const auto all = market::skills();
  const auto out = market_shop().tell(find(all, "sales_velocity"), "How fast does AU-0012 sell?");
  CHECK(out.facts[0]
        == "Blue Ridge Headphones (SKU AU-0012) sells 1.5 a day (from 30 days of orders); the last "
           "30 days brought "
           "45 units and $2250.00.");
  CHECK(out.facts[1] == "The last 14 days run 100 % above the pace of the last 90 days.");
}

TEST_CASE("an unknown velocity is said to be unknown") {
  auto shop = market_shop();
  shop.products[0].last_14_days = shop.products[0].last_30_days =
    shop.products[0].last_90_days = {};
  const auto all = market::skills();
  const auto out = shop.tell(find(all, "sales_velocity"), "AU-0012");
  CHECK_THAT(joined(out),
             ContainsSubstring("is not known") && ContainsSubstring("This is missing"));
}

TEST_CASE("the opportunity score tells its parts") {
  const auto all = market::skills();
  // Demand 75 %, room 0 (dearer than the average), margin 50 %, competition 20 %: 30 + 0 + 10 + 2.
  CHECK(
    market_shop().tell(find(all, "opportunity_score"), "AU-0012").facts[0]
    == "Blue Ridge Headphones (SKU AU-0012) has an opportunity score of 42 of 100, from 30 of 40 "
       "points for demand, 0 of 30 points for price room, 10 of 20 points for margin and 2 of 10 "
       "points for competition.");
}

TEST_CASE("without a product the best sellers are looked at") {
  const auto all = market::skills();
  auto shop = market_shop();
  for (const auto* skill : {"price_band", "sales_velocity", "opportunity_score"})
    CHECK_THAT(joined(shop.tell(find(all, skill), "how is the market?")),
               ContainsSubstring("AU-0012") && ContainsSubstring("Name a product"));
  shop.best_sellers.clear();
  for (const auto* skill : {"price_band", "sales_velocity", "opportunity_score"})
    CHECK_THAT(joined(shop.tell(find(all, skill), "how is the market?")), ContainsSubstring("No "));
}

TEST_CASE("opportunities are ranked by score") {
  auto shop = market_shop();
  auto better = shop.products[0];
  better.item->sku = "AU-0099";
  better.item->price = money{4100};
  better.item->cost = money{1000};
  shop.best_sellers.push_back(better);
  const auto all = market::skills();
  const auto out = shop.tell(find(all, "opportunity_score"), "what is promising?");
  CHECK_THAT(out.facts[1], ContainsSubstring("AU-0099"));
  CHECK_THAT(out.facts[2], ContainsSubstring("AU-0012"));
}

TEST_CASE("best sellers and a product's sales of a period are told by their own figures") {
  auto shop = market_shop();
  shop.products[0].in_period = make_window(0, 12, 60000);
  shop.best_sellers = shop.products;
  const auto all = market::skills();
  const auto& velocity = find(all, "sales_velocity");
  const auto best = shop.tell(velocity, "best sellers last week");
  CHECK(best.facts[0] == "The best sellers of the shop from 16 to 22 February 2026 are these.");
  CHECK(best.facts[1] == "12 units of Blue Ridge Headphones (SKU AU-0012) were sold for $600.00.");
  CHECK_THAT(joined(best), !ContainsSubstring("30 days"));
  const auto one = shop.tell(velocity, "how many AU-0012 were sold in February?");
  CHECK(
    one.facts[0]
    == "From 1 to 28 February 2026 12 units of Blue Ridge Headphones (SKU AU-0012) were sold for "
       "$600.00.");
  shop.best_sellers.clear();
  CHECK(shop.tell(velocity, "best sellers yesterday").facts[0]
        == "No sales are recorded on 28 February 2026.");
}

TEST_CASE("a trend that is asked for and not known is said not to be") {
  auto shop = market_shop();
  shop.products[0].last_90_days = make_window(60, 90);
  const auto all = market::skills();
  CHECK_THAT(joined(shop.tell(find(all, "sales_velocity"), "Is demand for AU-0012 growing?")),
             ContainsSubstring("cannot be told") && ContainsSubstring("60 days are recorded"));
  CHECK_THAT(joined(shop.tell(find(all, "sales_velocity"), "How fast does AU-0012 sell?")),
             !ContainsSubstring("cannot be told"));
}
