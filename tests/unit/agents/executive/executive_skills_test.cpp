#include "agents/executive/executive_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop busy_shop() {
  fake_shop shop;
  shop.summary.products = 300;
  shop.summary.out_of_stock = 12;
  shop.summary.orders_30_days = 42;
  shop.summary.open_orders = 1;
  shop.summary.revenue_30_days = money{500000};
  shop.summary.revenue_with_cost_30_days = money{400000};
  shop.summary.cost_of_sales_30_days = money{240000};
  shop.summary.stock_value_at_price = money{9000000};
  shop.summary.stock_value_at_cost = money{5000000};
  shop.summary.categories = {{"Audio", 20, 30, money{300000}}, {"Kitchen", 20, 30, money{200000}}};
  return shop;
}

skill_output asks(const fake_shop& shop, std::string_view skill, std::string_view message) {
  const auto all = executive::skills();
  return shop.tell(find(all, skill), message);
}

} // namespace

TEST_CASE("the business summary tells revenue, margin, orders and stock") {
  const auto out = asks(busy_shop(), "business_summary", "How are we doing?");
  CHECK(out.facts[0]
        == "In the last 30 days 42 orders brought $5000.00 in revenue, with a margin of 40 % over "
           "the 80 % of it whose cost is known.");
  CHECK(out.facts[1] == "1 order is still open.");
  CHECK_THAT(out.facts[2], ContainsSubstring("300 products, 12 of them out of stock")
                             && ContainsSubstring("$90000.00") && ContainsSubstring("$50000.00"));
  CHECK_THAT(out.facts[3], ContainsSubstring("Audio with $3000.00 and Kitchen with $2000.00"));
}

TEST_CASE("products without a category are no strong category") {
  auto shop = busy_shop();
  shop.summary.categories[0].category.clear();
  CHECK(asks(shop, "business_summary", "How are we doing?").facts[3]
        == "The strongest category is Kitchen with $2000.00.");
}

TEST_CASE("an empty catalogue, no orders and no costs are said plainly") {
  CHECK_THAT(joined(asks({}, "business_summary", "How are we doing?")),
             ContainsSubstring("The catalogue is empty"));
  auto shop = busy_shop();
  shop.summary.revenue_with_cost_30_days = {};
  CHECK_THAT(joined(asks(shop, "business_summary", "summary")),
             ContainsSubstring("the margin is not known"));
  shop.summary.orders_30_days = 0;
  CHECK_THAT(joined(asks(shop, "business_summary", "summary")),
             ContainsSubstring("No order was placed"));
}

TEST_CASE("the risk list tells how many, the gravest first") {
  auto shop = busy_shop();
  CHECK_THAT(joined(asks(shop, "risk_list", "What are the risks?")),
             ContainsSubstring("1 risk needs attention") && ContainsSubstring("12 of 300"));
  shop.summary.out_of_stock = 0;
  CHECK_THAT(joined(asks(shop, "risk_list", "What are the risks?")),
             ContainsSubstring("no risk that needs attention"));
}

TEST_CASE("options are scored, and a human decides") {
  const auto out = asks({}, "option_scoring", "A: revenue 5, risk 2; B: revenue 3, risk 1");
  CHECK(out.facts[0] == "A and B score the same, 50 of 100.");
  CHECK(joined(out).find("followed") == std::string::npos);
  const auto weighted = asks(
    {}, "option_scoring", "A: revenue 5, risk 2; B: revenue 3, risk 1; weights: revenue 3, risk 1");
  CHECK(weighted.facts[0] == "A scores best with 75 of 100.");
  CHECK_THAT(joined(weighted),
             ContainsSubstring("B with 25") && ContainsSubstring("always a human's"));
}

TEST_CASE("options without figures are asked for them, and no options are no noise") {
  CHECK_THAT(joined(asks({}, "option_scoring", "A: ads; B: stock")),
             ContainsSubstring("A and B have no figures"));
  const auto none = asks({}, "option_scoring", "what should I do");
  CHECK(none.facts.empty());
  CHECK_FALSE(none.missing.empty());
}

TEST_CASE("votes are counted") {
  CHECK_THAT(joined(asks({}, "consensus_vote", "pricing: A 0.9; inventory: B 0.3")),
             ContainsSubstring("A is accepted with 75 %"));
  CHECK_THAT(joined(asks({}, "consensus_vote", "pricing: A 0.6; inventory: B 0.4")),
             ContainsSubstring("No option is accepted: A leads with 60 %"));
  CHECK(asks({}, "consensus_vote", "what should I do").facts.empty());
}

TEST_CASE("the executive plan takes options and votes by their form") {
  const fake_shop shop;
  agent_spec spec;
  spec.skills = {"business_summary", "option_scoring", "risk_list", "consensus_vote"};
  const auto plan = executive::plan();
  const auto skills_of = [&](std::string_view message) {
    return part(shop.plan(*plan, spec, message), "response").skills;
  };
  using names = std::vector<std::string>;
  CHECK(skills_of("what should I do today?") == names{"business_summary", "risk_list"});
  CHECK(skills_of("what are our risks?") == names{"risk_list"});
  CHECK(skills_of("A: revenue 5; B: revenue 3") == names{"option_scoring"});
  CHECK(skills_of("pricing: A 0.9; market: B 0.3") == names{"consensus_vote"});
}
