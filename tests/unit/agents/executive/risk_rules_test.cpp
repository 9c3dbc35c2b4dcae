#include "agents/executive/risk_rules.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::executive;
using Catch::Approx;

namespace {

struct month_figures {
  shop_summary_row shop;
  attention_rows low_stock, undercut, thin_margin, dead_stock;
  [[nodiscard]] std::vector<risk> risks() const {
    return find_risks({shop, low_stock, undercut, thin_margin, dead_stock}, shop_rules{});
  }
};

product_dossier_row mug(std::int64_t stock, double per_day) {
  auto item = make_product("KI-0003", "Stone Mug", 1000);
  item.stock = stock;
  item.velocity_per_day = per_day;
  return make_dossier(item);
}

} // namespace

TEST_CASE("a healthy shop has no risk") {
  month_figures f;
  f.shop.products = 10;
  CHECK(f.risks().empty());
}

TEST_CASE("a product that sells and has no stock is a high risk") {
  month_figures f;
  f.low_stock.lines = {mug(0, 1)};
  const auto risks = f.risks();
  REQUIRE(risks.size() == 1);
  CHECK(risks[0].level == risk_level::high);
  CHECK(risks[0].kind == "stock_out");
  f.low_stock.lines = {mug(0, 0), mug(1, 1), product_dossier_row{}};
  CHECK(f.risks().empty());
}

TEST_CASE("products out of stock are a high risk from a tenth on") {
  month_figures f;
  f.shop.products = 100;
  f.shop.out_of_stock = 9;
  CHECK(f.risks()[0].level == risk_level::medium);
  f.shop.out_of_stock = 10;
  CHECK(f.risks()[0].level == risk_level::high);
}

TEST_CASE("undercuts are high from more than ten percent on") {
  month_figures f;
  auto line = mug(10, 1);
  line.rivals = {make_rival("Acme", 900)};
  f.undercut.lines = {line};
  CHECK(f.risks()[0].level == risk_level::medium);
  CHECK(f.risks()[0].sentence.find("10 %") != std::string::npos);
  f.undercut.lines[0].rivals[0].price = money{899};
  CHECK(f.risks()[0].level == risk_level::high);
}

TEST_CASE("margins below 15 % are a risk, below the floor a high one") {
  month_figures f;
  auto line = mug(10, 1);
  line.item->cost = money{850};
  f.thin_margin.lines = {line};
  CHECK(f.risks().empty());
  f.thin_margin.lines[0].item->cost = money{851};
  CHECK(f.risks()[0].level == risk_level::medium);
  f.thin_margin.lines[0].item->cost = money{910};
  CHECK(f.risks()[0].level == risk_level::high);
}

TEST_CASE("dead stock names the money in it") {
  month_figures f;
  f.dead_stock.lines = {mug(181, 1)};
  f.dead_stock.total = 60;
  f.dead_stock.tied_up_at_cost = money{1'234'500};
  REQUIRE(f.risks().size() == 1);
  CHECK(f.risks()[0].sentence
        == "$12345.00 at cost are tied up in the stock of 60 products, which lasts more than 180 "
           "days: Stone Mug (SKU KI-0003).");
  f.dead_stock.lines[0].item->stock = 180;
  CHECK(f.risks().empty());
}

TEST_CASE("one category of several with more than 60 % of the revenue is a risk") {
  month_figures f;
  f.shop.revenue_30_days = money{1000};
  f.shop.categories = {{"Audio", 1, 1, money{600}}, {"Kitchen", 1, 1, money{400}}};
  CHECK(f.risks().empty());
  f.shop.categories[0].revenue_30_days = money{601};
  CHECK(f.risks()[0].kind == "concentration");
  f.shop.categories[0].category.clear();
  CHECK(f.risks().empty());
  f.shop.categories.pop_back();
  CHECK(f.risks().empty());
}

TEST_CASE("high risks come first") {
  month_figures f;
  f.dead_stock.lines = {mug(500, 1)};
  f.low_stock.lines = {mug(0, 1)};
  f.shop.revenue_30_days = money{1000};
  f.shop.categories = {{"Audio", 1, 1, money{900}}, {"Kitchen", 1, 1, money{100}}};
  const auto risks = f.risks();
  REQUIRE(risks.size() == 3);
  CHECK(risks[0].kind == "stock_out");
}

TEST_CASE("the month's margin is taken over the lines with a cost") {
  shop_summary_row shop;
  CHECK_FALSE(margin_30_days(shop));
  shop.revenue_with_cost_30_days = money{1000};
  shop.cost_of_sales_30_days = money{600};
  CHECK(margin_30_days(shop).value() == Approx(0.4));
}
