#include "agents/marketplace/marketplace_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop trading_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 5000);
  item.cost = money{3000};
  shop.products = {make_dossier(item)};
  shop.orders = {
    {"EBY-1001", "AU-0012", 2, money{4900}, "ebay", "Ann B.", "delivered", noon() - 72h},
    {"EBY-1002", "KI-0003", 1, money{1000}, "storefront", "", "", noon() - 5h}};
  return shop;
}

skill_output asks_marketplace(const fake_shop& shop, std::string_view skill,
                              std::string_view message) {
  const auto all = marketplace::skills();
  return shop.tell(find(all, skill), message);
}

} // namespace

TEST_CASE("an order is looked up by its id") {
  CHECK(asks_marketplace(trading_shop(), "order_lookup", "Where is order EBY-1001?").facts[0]
        == "Order EBY-1001 is delivered; it was placed 3 days ago on ebay by Ann B., holds 2 × "
           "AU-0012 at $49.00, and comes to $98.00.");
}

TEST_CASE("an order of which a part is refunded tells the status of each line") {
  auto shop = trading_shop();
  auto other = shop.orders[0];
  other.sku = "KI-0003";
  other.status = "refunded";
  other.state = order_state::undone;
  shop.orders.push_back(other);
  CHECK_THAT(joined(asks_marketplace(shop, "order_lookup", "Where is order EBY-1001?")),
             ContainsSubstring("Order EBY-1001 was placed 3 days ago")
               && ContainsSubstring("2 × AU-0012 at $49.00 (delivered) and 2 × KI-0003 at $49.00 "
                                    "(refunded)"));
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "Can I refund order EBY-1001?")),
             ContainsSubstring("A refund of $98.00 for order EBY-1001 is within the policy"));
}

TEST_CASE("an order that does not exist is said not to") {
  const auto out = asks_marketplace(trading_shop(), "order_lookup", "Where is order EBY-9999?");
  CHECK(out.facts[0] == "The shop has no order with the id EBY-9999.");
  CHECK_THAT(joined(asks_marketplace(trading_shop(), "refund_check", "refund order EBY-9999")),
             ContainsSubstring("no order with the id EBY-9999"));
}

TEST_CASE("without an id the newest orders are listed") {
  auto shop = trading_shop();
  CHECK_THAT(joined(asks_marketplace(shop, "order_lookup", "Any new orders?")),
             ContainsSubstring("2 order lines are these") && ContainsSubstring("EBY-1002"));
  shop.products[0].item->category = "Audio";
  const auto audio = joined(asks_marketplace(shop, "order_lookup", "Any new orders in audio?"));
  CHECK_THAT(audio, ContainsSubstring("order line is this") && ContainsSubstring("EBY-1001")
                      && ContainsSubstring("This looks at Audio only."));
  shop.orders.clear();
  CHECK_THAT(joined(asks_marketplace(shop, "order_lookup", "Any new orders?")),
             ContainsSubstring("No orders are recorded"));
}

TEST_CASE("orders are listed by product, status, marketplace and time, with the number of all") {
  auto shop = trading_shop();
  shop.orders.push_back({"EBY-1003", "AU-0012", 1, money{5000}, "walmart", "Zoe S.", "canceled",
                         noon() - 48h, order_state::undone});
  shop.orders.push_back({"EBY-1004", "KI-0003", 1, money{1000}, "walmart", "", "pending",
                         noon() - 26h, order_state::open});
  const auto told = [&](std::string_view message) {
    return joined(asks_marketplace(shop, "order_lookup", message));
  };
  CHECK_THAT(
    told("Show orders for AU-0012"),
    ContainsSubstring("There are 2 orders with AU-0012; the newest 2 order lines are these.")
      && ContainsSubstring("1 × AU-0012 at $50.00 for Zoe S.") && !ContainsSubstring("KI-0003"));
  CHECK_THAT(told("Who bought the Blue Ridge Headphones?"),
             ContainsSubstring("2 orders with “blue ridge headphones”"));
  CHECK_THAT(told("Show cancelled orders"),
             ContainsSubstring("There is 1 cancelled order") && ContainsSubstring("EBY-1003"));
  CHECK_THAT(told("Which orders are still pending on Walmart?"),
             ContainsSubstring("There is 1 pending order on Walmart;")
               && ContainsSubstring("EBY-1004"));
  CHECK_THAT(told("Which orders have not been shipped?"),
             ContainsSubstring("There is 1 open order;") && ContainsSubstring("EBY-1004")
               && !ContainsSubstring("EBY-1001"));
  CHECK_THAT(told("how many orders yesterday?"), ContainsSubstring("placed on 28 February 2026")
                                                   && ContainsSubstring("EBY-1004")
                                                   && !ContainsSubstring("EBY-1003"));
  CHECK_THAT(told("Show refunded orders"), ContainsSubstring("There is no refunded order."));
  CHECK_THAT(told("show the last 2 orders"), ContainsSubstring("The newest 2 order lines"));
  CHECK_THAT(told("show 3 newest orders over $100"),
             ContainsSubstring("The newest 3 order lines")
               && ContainsSubstring("This takes no account of “over $100”."));
}

TEST_CASE("a second order is to be asked for by itself") {
  CHECK_THAT(joined(asks_marketplace(trading_shop(), "order_lookup",
                                     "What is the status of order EBY-1001 and WEB-104225?")),
             ContainsSubstring("Only order EBY-1001 was looked at; ask for WEB-104225 by itself."));
}

TEST_CASE("a refund is checked against the policy") {
  const auto shop = trading_shop();
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "Can I refund order EBY-1001?")),
             ContainsSubstring("A refund of $98.00 for order EBY-1001 is within the policy"));
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "refund $20 of order EBY-1001")),
             ContainsSubstring("A refund of $20.00"));
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "What is our refund policy?")),
             ContainsSubstring("30 days") && ContainsSubstring("$100.00"));
}

TEST_CASE("it may be the order that was spoken of last") {
  auto shop = trading_shop();
  shop.earlier = {"AU-0012", {}, "EBY-1001", true};
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "Can it be refunded?")),
             ContainsSubstring("A refund of $98.00 for order EBY-1001 is within the policy"));
  const auto out = asks_marketplace(shop, "order_lookup", "When was it shipped?");
  CHECK_THAT(joined(out), ContainsSubstring("Order EBY-1001 is delivered"));
  CHECK(out.skus == std::vector<std::string>{"AU-0012"});
}

TEST_CASE("an offer is judged by margin, with the fee of the marketplace that is named") {
  const auto shop = trading_shop();
  // Fee on eBay: 47 × 13.6 % + 0.40 = 6.79; (47 − 6.79 − 30) / 47 = 21.7 %.
  const auto out =
    asks_marketplace(shop, "offer_evaluation", "An offer of $47 for AU-0012 on eBay");
  CHECK_THAT(out.facts[0], ContainsSubstring("Accept the offer of $47.00"));
  CHECK_THAT(out.facts[1], ContainsSubstring("21.7 % after the fee of $6.79 on eBay"));
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "An offer of $40 for AU-0012")),
             ContainsSubstring("Counter the offer of $40.00") && ContainsSubstring("with $45.00")
               && ContainsSubstring("before marketplace fees"));
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "An offer of $32 for AU-0012")),
             ContainsSubstring("Do not accept") && ContainsSubstring("$33.00"));
}

TEST_CASE("an offer for several units is judged by what it brings for each") {
  auto shop = trading_shop();
  for (const auto* text : {"A buyer offers $64 for 2 units of AU-0012",
                           "$64 for two AU-0012, an offer", "an offer of $32 each for 2 AU-0012"}) {
    INFO(text);
    const auto out = asks_marketplace(shop, "offer_evaluation", text);
    CHECK_THAT(out.facts[0],
               ContainsSubstring("Do not accept the offer of $64.00 for 2 units of Blue Ridge "
                                 "Headphones (SKU AU-0012) ($32.00 each): ")
                 && ContainsSubstring("below the floor of $66.00"));
    CHECK_THAT(out.facts[1], ContainsSubstring("At $64.00 for all the margin is 6.2 %"));
  }
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "$94 for two AU-0012, an offer")),
             ContainsSubstring("Accept the offer of $94.00 for 2 units"));
  agent_spec spec;
  spec.skills = {"order_lookup", "offer_evaluation", "refund_check", "fee_calculation"};
  const auto plan = marketplace::plan();
  CHECK(part(shop.plan(*plan, spec, "A buyer offers $64 for 2 AU-0012"), "response").skills
        == std::vector<std::string>{"offer_evaluation"});
}

TEST_CASE("a share of an order is what is refunded") {
  const auto shop = trading_shop();
  for (const auto* text : {"refund half of order EBY-1001", "refund 50% of order EBY-1001",
                           "refund 50 percent of order EBY-1001"}) {
    INFO(text);
    CHECK_THAT(joined(asks_marketplace(shop, "refund_check", text)),
               ContainsSubstring("A refund of $49.00 for order EBY-1001"));
  }
  CHECK_THAT(joined(asks_marketplace(shop, "refund_check", "refund 12.5 % of order EBY-1001")),
             ContainsSubstring("A refund of $12.25"));
  CHECK_THAT(
    joined(asks_marketplace(shop, "refund_check", "refund order EBY-1001, it took half an hour")),
    ContainsSubstring("A refund of $98.00"));
}

TEST_CASE("a marketplace without rules is said to have none") {
  auto shop = trading_shop();
  for (const auto* text : {"What are the fees for AU-0012 on Walmart?", "the fees on Walmart"}) {
    INFO(text);
    CHECK_THAT(joined(asks_marketplace(shop, "fee_calculation", text)),
               ContainsSubstring("The shop's rules do not cover Walmart"));
  }
  shop.rules.marketplaces.push_back({"walmart", 1000, 0, 0, 5, 0, 100, money{0}});
  CHECK_THAT(joined(asks_marketplace(shop, "fee_calculation", "the fees on Walmart")),
             !ContainsSubstring("do not cover") && ContainsSubstring("Walmart is 10 %"));
}

TEST_CASE("an offer without amount, product or cost says what is missing") {
  auto shop = trading_shop();
  shop.thin_margin = shop.products;
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "An offer for AU-0012")),
             ContainsSubstring("Name the amount") && ContainsSubstring("$33.00"));
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "I got an offer")),
             ContainsSubstring("name the product and the amount") && ContainsSubstring("$33.00"));
  shop.products[0].item->cost.reset();
  CHECK_THAT(joined(asks_marketplace(shop, "offer_evaluation", "An offer of $47 for AU-0012")),
             ContainsSubstring("a human decides") && ContainsSubstring("This is missing: cost"));
}

TEST_CASE("fees are told with what is left and the margin") {
  const auto shop = trading_shop();
  // eBay sells at 49.00: 6.66 + 0.40 = 7.06; left 41.94; margin 11.94 / 49 = 24.4 %.
  const auto fees =
    asks_marketplace(shop, "fee_calculation", "What are the fees for AU-0012 on eBay?");
  CHECK(
    fees.facts[0]
    == "These are the fees for Blue Ridge Headphones (SKU AU-0012), which costs the shop $30.00.");
  CHECK(fees.facts[1]
        == "On eBay, at $49.00, the fee is $7.06 and $41.94 is left, a margin of 24.4 % after the "
           "cost.");
  CHECK_THAT(joined(asks_marketplace(shop, "fee_calculation",
                                     "What are the fees on a price of $100 on Amazon?")),
             ContainsSubstring("15 % of the price: $15.00 of $100.00, which leaves $85.00"));
  CHECK_THAT(joined(asks_marketplace(shop, "fee_calculation", "fees?")),
             ContainsSubstring("13.6 % of the price plus $0.40 an order"));
}

TEST_CASE("the marketplace plan answers what is asked and nothing else") {
  const auto shop = trading_shop();
  agent_spec spec;
  spec.skills = {"order_lookup", "offer_evaluation", "refund_check", "fee_calculation"};
  const auto plan = marketplace::plan();
  const auto skills_of = [&](std::string_view message) {
    return part(shop.plan(*plan, spec, message), "response").skills;
  };
  using names = std::vector<std::string>;
  CHECK(skills_of("An offer of $40 for AU-0012") == names{"offer_evaluation"});
  CHECK(skills_of("what are the fees") == names{"fee_calculation"});
  CHECK(skills_of("refund order 1001") == names{"refund_check"});
  CHECK(skills_of("good morning") == names{"order_lookup"});
}
