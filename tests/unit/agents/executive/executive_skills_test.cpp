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

TEST_CASE("the summary and the risks of a category are its own") {
  auto shop = busy_shop();
  auto cable = make_product("AU-0001", "Braided Cable", 1000);
  cable.category = "Audio";
  cable.cost = money{950};
  auto mug = make_product("KI-0003", "Stone Mug", 1000);
  mug.category = "Kitchen";
  mug.cost = money{990};
  shop.products = {make_dossier(cable), make_dossier(mug)};
  shop.thin_margin = shop.products;
  shop.summary.categories[0].revenue_30_days = money{400000};
  const auto scope = product_scope{"Audio", ""};
  shop.summary_of = [&](const shop_summary_query& q) {
    CHECK(q.scope == scope);
    auto part = shop.summary;
    part.revenue_30_days = money{300000};
    return part;
  };
  CHECK_THAT(joined(asks(shop, "business_summary", "What is the revenue of Audio?")),
             ContainsSubstring("$3000.00") && ContainsSubstring("This looks at Audio only.")
               && !ContainsSubstring("strongest"));
  CHECK_THAT(joined(asks(shop, "risk_list", "What are the risks in Audio?")),
             ContainsSubstring("Braided Cable") && !ContainsSubstring("Stone Mug")
               && !ContainsSubstring("of the revenue")
               && ContainsSubstring("This looks at Audio only."));
}

TEST_CASE("a product that is named has a summary and risks of its own") {
  auto shop = busy_shop();
  auto mug = make_product("KI-0003", "Stone Mug", 1000);
  mug.cost = money{600};
  mug.stock = 8;
  mug.lead_time_days = 10;
  auto row = make_dossier(mug);
  row.last_30_days = make_window(30, 60, 60000);
  row.rivals = {make_rival("Acme", 950)};
  shop.products = {row};
  const auto summary = asks(shop, "business_summary", "What does KI-0003 bring?");
  CHECK(summary.facts[0]
        == "In the last 30 days 60 units of Stone Mug (SKU KI-0003) brought $600.00 in revenue.");
  CHECK(summary.facts[1] == "It sells at $10.00, with a margin of 40 %, and has 8 units in stock.");
  shop.products[0].in_period = make_window(0, 7, 7000);
  CHECK(asks(shop, "business_summary", "What did KI-0003 bring in yesterday?").facts[0]
        == "On 28 February 2026 7 units of Stone Mug (SKU KI-0003) brought $70.00 in revenue.");
  const auto risks = asks(shop, "risk_list", "what is the risk of KI-0003?");
  CHECK(risks.facts[0]
        == "2 risks of Stone Mug (SKU KI-0003) need attention today, the gravest first.");
  CHECK_THAT(risks.facts[1], ContainsSubstring("lasts 4 days, and new stock takes 10 days"));
  CHECK_THAT(risks.facts[2], ContainsSubstring("undercut the shop by up to 5 %"));
  CHECK_THAT(joined(asks(shop, "risk_list", "what is the risk of ZZ-9999?")),
             ContainsSubstring("no product with the SKU ZZ-9999"));
}

TEST_CASE("the summary of a period tells its sales alone, and from when on orders are recorded") {
  auto shop = busy_shop();
  shop.summary.first_order = parse_rfc3339("2026-02-10T09:00:00Z").value();
  std::optional<time_span> asked;
  shop.summary_of = [&](const shop_summary_query& q) {
    asked = q.period;
    return shop.summary;
  };
  const auto out = asks(shop, "business_summary", "What was our revenue in February?");
  REQUIRE(asked);
  CHECK(asked->from == parse_rfc3339("2026-02-01T00:00:00Z").value());
  CHECK(asked->to == parse_rfc3339("2026-03-01T00:00:00Z").value());
  CHECK_THAT(out.facts[0],
             ContainsSubstring("From 1 to 28 February 2026 42 orders brought $5000.00 in revenue"));
  CHECK(out.facts[1] == "The first order that is recorded was placed on 10 February 2026.");
  CHECK_THAT(joined(out), !ContainsSubstring("open") && !ContainsSubstring("30 days")
                            && ContainsSubstring("Audio with $3000.00"));
  CHECK_THAT(out.json, ContainsSubstring("\"from\":\"2026-02-01T00:00:00"));
  (void)asks(shop, "business_summary", "What was our revenue in the last 30 days?");
  CHECK_FALSE(asked);
  shop.summary.orders_30_days = 0;
  CHECK(asks(shop, "business_summary", "revenue yesterday").facts[0]
        == "No order was placed on 28 February 2026.");
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
