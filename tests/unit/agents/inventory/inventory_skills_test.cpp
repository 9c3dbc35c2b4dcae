#include "agents/inventory/inventory_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

#include "agents/inventory/stock_facts.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

product_dossier_row mug_row() {
  auto item = make_product("KI-0003", "Stone Mug", 1000);
  item.cost = money{400};
  item.stock = 12;
  item.max_stock = 100;
  item.lead_time_days = 10;
  auto row = make_dossier(item);
  row.last_30_days = make_window(30, 60);
  return row;
}

fake_shop mug_shop() {
  fake_shop shop;
  shop.products = {mug_row()};
  shop.summary.products = 300;
  shop.summary.out_of_stock = 12;
  shop.summary.stock_value_at_price = money{123456};
  return shop;
}

} // namespace

TEST_CASE("stock cover tells stock, pace and days against the lead time") {
  const auto shop = mug_shop();
  const auto all = inventory::skills();
  const auto out = shop.tell(find(all, "stock_cover"), "How long will KI-0003 last?");
  CHECK(out.facts[0]
        == "Stone Mug (SKU KI-0003) has 12 units in stock and sells 2 a day (from 30 days of "
           "orders), so the stock "
           "lasts 6 days.");
  CHECK_THAT(out.facts[1], ContainsSubstring("less than the lead time of 10 days"));
}

TEST_CASE("units sold in a period are told before the cover") {
  auto shop = mug_shop();
  shop.products[0].in_period = make_window(0, 31, 31000);
  const auto all = inventory::skills();
  const auto out =
    shop.tell(find(all, "stock_cover"), "How many units of KI-0003 did we sell last month?");
  CHECK(out.facts[0] == "From 1 to 28 February 2026 31 units were sold for $310.00.");
  CHECK_THAT(joined(out), !ContainsSubstring("does not look at"));
}

TEST_CASE("reorder advice tells quantity, urgency, reasons, cost and that a human buys") {
  const auto shop = mug_shop();
  const auto all = inventory::skills();
  const auto out = shop.tell(find(all, "reorder_advice"), "Should I reorder KI-0003?");
  CHECK(out.facts[0] == "Reorder 88 units of Stone Mug (SKU KI-0003); the urgency is high.");
  CHECK_THAT(out.facts[1],
             ContainsSubstring("stock of 12") && ContainsSubstring("reorder point of 30")
               && ContainsSubstring("demand of 20") && ContainsSubstring("safety stock of 10"));
  CHECK_THAT(out.facts[2], ContainsSubstring("$352.00") && ContainsSubstring("0.8"));
  CHECK_THAT(out.facts[3], ContainsSubstring("never made by itself"));
  CHECK_THAT(out.json,
             ContainsSubstring("\"quantity\":88") && ContainsSubstring("\"approval\":\"human\""));
}

TEST_CASE("the catalogue's velocity counts below 14 days of orders") {
  auto row = mug_row();
  row.last_30_days = make_window(13, 60);
  row.item->velocity_per_day = 0.5;
  shop_rules rules;
  CHECK(inventory::facts_of(row, rules).per_day == 0.5);
  row.last_30_days = make_window(14, 7);
  CHECK(inventory::facts_of(row, rules).per_day == 0.5);
  row.last_30_days = make_window(14, 28);
  CHECK(inventory::facts_of(row, rules).per_day == 2.0);
}

TEST_CASE("lead time and safety stock come from the product, else from the shop and the rule") {
  auto row = mug_row();
  shop_rules rules;
  rules.default_lead_time_days = 9;
  row.item->lead_time_days.reset();
  CHECK(inventory::facts_of(row, rules).lead_time_days == 9);
  CHECK_FALSE(inventory::facts_of(row, rules).safety_stock);
  row.item->attributes = {{"safety_stock", "4"}};
  CHECK(inventory::facts_of(row, rules).safety_stock == 4.0);
  row.item->attributes = {{"Safety-Stock", "5"}};
  CHECK(inventory::facts_of(row, rules).safety_stock == 5.0);
  row.item->attributes = {{"safety_stock", "many"}};
  CHECK_FALSE(inventory::facts_of(row, rules).safety_stock);
  row.item->attributes = {{"safety_stock", "-4"}};
  CHECK_FALSE(inventory::facts_of(row, rules).safety_stock);
}

TEST_CASE("without a product the shop's reorders are listed and it is said how to narrow") {
  auto shop = mug_shop();
  auto fine = mug_row();
  fine.item->sku = "KI-0004";
  fine.item->stock = 50;
  shop.low_stock = {mug_row(), fine};
  const auto all = inventory::skills();
  const auto out = shop.tell(find(all, "reorder_advice"), "What should I reorder?");
  CHECK_THAT(out.facts[0], ContainsSubstring("1 product is at or below"));
  CHECK_THAT(out.facts[1], ContainsSubstring("88 units") && ContainsSubstring("stock 12")
                             && ContainsSubstring("6 days"));
  CHECK_THAT(joined(out), !ContainsSubstring("KI-0004"));
  CHECK_THAT(out.facts.back(), ContainsSubstring("Name a product"));
  shop.low_stock.clear();
  CHECK_THAT(joined(shop.tell(find(all, "reorder_advice"), "What should I reorder?")),
             ContainsSubstring("No product is at its reorder point"));
}

TEST_CASE("stock cover of the shop begins with what is out of stock") {
  const auto shop = mug_shop();
  const auto all = inventory::skills();
  const auto out = shop.tell(find(all, "stock_cover"), "How is our stock?");
  CHECK_THAT(out.facts[0],
             ContainsSubstring("12 of 300 products") && ContainsSubstring("$1234.56"));
}

TEST_CASE("a category's stock is told by its own figures") {
  const auto shop = mug_shop();
  const auto all = inventory::skills();
  const auto words = shop.words();
  auto reading = read_message("How is our stock level in Audio?", words, shop.rules, {});
  reading.category = "Audio";
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  const auto needs = find(all, "stock_cover").needs(input);
  const store_query of_audio = shop_summary_query{{"Audio", ""}};
  CHECK(std::find(needs.begin(), needs.end(), of_audio) != needs.end());
}

TEST_CASE("an overstocked product is not reordered, and dead stock tells the money in it") {
  auto shop = mug_shop();
  shop.products[0].item->stock = 361;
  shop.dead_stock = shop.products;
  const auto all = inventory::skills();
  CHECK_THAT(joined(shop.tell(find(all, "reorder_advice"), "Should I reorder KI-0003?")),
             ContainsSubstring("Do not reorder") && ContainsSubstring("180.5 days"));
  CHECK_THAT(joined(shop.tell(find(all, "dead_stock"), "Is KI-0003 dead stock?")),
             ContainsSubstring("$1444.00"));
  CHECK_THAT(joined(shop.tell(find(all, "dead_stock"), "Which stock does not sell?")),
             ContainsSubstring("1 product is overstocked and ties up $1444.00"));
}

TEST_CASE("dead stock is counted beyond the products that are listed") {
  auto shop = mug_shop();
  shop.products[0].item->stock = 361;
  for (int i = 0; i < 14; ++i)
    shop.dead_stock.push_back(shop.products[0]);
  const auto out = shop.tell(find(inventory::skills(), "dead_stock"), "Which stock does not sell?");
  CHECK(out.facts[0]
        == "14 products are overstocked and tie up $20216.00 at cost; most of it lies in these.");
  CHECK(out.facts.size() == 12);
}

TEST_CASE("a buying opportunity gives return, payback and margin") {
  const auto shop = mug_shop();
  const auto all = inventory::skills();
  const auto out = shop.tell(find(all, "buying_opportunity"), "Is buying KI-0003 worth it?");
  // ROI 150 %, payback 88 × 4 / (2 × 10) = 17.6 days, margin 60 %.
  CHECK_THAT(out.facts[0], ContainsSubstring("88 units") && ContainsSubstring("150 %")
                             && ContainsSubstring("17.6 days") && ContainsSubstring("60 %"));
  CHECK_THAT(joined(out), ContainsSubstring("0.7") && ContainsSubstring("human"));
}

TEST_CASE("missing stock and velocity are named") {
  auto shop = mug_shop();
  shop.products[0].item->stock.reset();
  shop.products[0].last_30_days = {};
  const auto all = inventory::skills();
  for (const auto* name : {"stock_cover", "reorder_advice"}) {
    const auto out = shop.tell(find(all, name), "stock of KI-0003");
    CHECK_THAT(out.facts.back(), ContainsSubstring("This is missing: stock and sales velocity"));
  }
  CHECK_THAT(joined(shop.tell(find(all, "dead_stock"), "KI-0003")),
             ContainsSubstring("not recorded"));
}

TEST_CASE("huge stocks and costs do not wrap around") {
  auto shop = mug_shop();
  shop.products[0].item->stock = 9'000'000'000'000'000;
  shop.products[0].item->cost = money{9'000'000'000'000'000};
  shop.dead_stock = {shop.products[0], shop.products[0]};
  const auto all = inventory::skills();
  CHECK_THAT(joined(shop.tell(find(all, "dead_stock"), "dead stock")),
             !ContainsSubstring("$-") && !ContainsSubstring("-$"));
}

TEST_CASE("the inventory plan picks the skills that are asked for") {
  const auto shop = mug_shop();
  agent_spec spec;
  spec.name = "inventory";
  spec.skills = {"stock_cover", "reorder_advice", "buying_opportunity", "dead_stock"};
  const auto plan = inventory::plan();
  const auto skills_of = [&](std::string_view message) {
    return part(shop.plan(*plan, spec, message), "response").skills;
  };
  using names = std::vector<std::string>;
  CHECK(skills_of("What should I reorder?") == names{"reorder_advice"});
  CHECK(skills_of("Which stock is dead?") == names{"dead_stock"});
  for (const auto* message :
       {"Which products are not selling?", "Which products haven't sold?",
        "What is gathering dust?", "Where do we have excess stock?", "What surplus do we hold?",
        "Which mugs do not sell?", "Which products isn't anybody buying?",
        "What do we have too much stock of?"}) {
    INFO(message);
    CHECK(skills_of(message) == names{"dead_stock"});
  }
  CHECK(skills_of("What runs out in Toys?") == names{"stock_cover", "reorder_advice"});
  CHECK(skills_of("What is the return on investment for KI-0003?") == names{"buying_opportunity"});
  CHECK(skills_of("KI-0003") == names{"stock_cover", "reorder_advice"});
  CHECK(skills_of("Good morning") == names{"reorder_advice"});
}
