#include "agents/pricing/pricing_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop headphones_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 4990);
  item.cost = money{3010};
  item.stock = 20;
  item.velocity_per_day = 1;
  auto row = make_dossier(item);
  row.rivals = {make_rival("Acme", 4200), make_rival("Bolt", 4500), make_rival("Core", 4800)};
  shop.products = {row};
  return shop;
}

} // namespace

TEST_CASE("a price recommendation gives the price, the reason and the confidence") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  const auto out =
    shop.tell(find(all, "price_recommendation"), "What should I charge for AU-0012?");
  REQUIRE(out.facts.size() >= 3);
  // Average 45.00; 49.90 is more than 49.50, so competitive: 45.00 × 0.98.
  CHECK(out.facts[0]
        == "Charge $44.10 for Blue Ridge Headphones (SKU AU-0012) instead of $49.90 (-11.6 %).");
  CHECK_THAT(out.facts[1], ContainsSubstring("competitive") && ContainsSubstring("$45.00")
                             && ContainsSubstring("0.98"));
  CHECK_THAT(out.facts[2],
             ContainsSubstring("Confidence is 0.7") && ContainsSubstring("3 competitors")
               && ContainsSubstring("10 minutes old") && ContainsSubstring("a human decides"));
  CHECK_THAT(out.json, ContainsSubstring("\"recommended_price\":44.10")
                         && ContainsSubstring("\"strategy\":\"competitive\""));
  CHECK(out.missing.empty());
}

TEST_CASE("a product is found by its name as well") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  for (const auto* message :
       {"What should I charge for Blue Ridge Headphones?",
        "what should we charge for the blue ridge ones", "price for au-0012"}) {
    INFO(message);
    CHECK_THAT(joined(shop.tell(find(all, "price_recommendation"), message)),
               ContainsSubstring("$44.10"));
  }
}

TEST_CASE("without a cost the recommendation says so and asks for a human") {
  auto shop = headphones_shop();
  shop.products[0].item->cost.reset();
  const auto all = pricing::skills();
  const auto out =
    shop.tell(find(all, "price_recommendation"), "What should I charge for AU-0012?");
  CHECK_THAT(joined(out), ContainsSubstring("a human has to confirm")
                            && ContainsSubstring("This is missing: cost."));
  CHECK(out.missing == std::vector<std::string>{"cost"});
}

TEST_CASE("with neither cost nor competitors the price stays and both are named as missing") {
  auto shop = headphones_shop();
  shop.products[0].item->cost.reset();
  shop.products[0].rivals.clear();
  const auto all = pricing::skills();
  const auto out =
    shop.tell(find(all, "price_recommendation"), "What should I charge for AU-0012?");
  CHECK_THAT(out.facts.front(),
             ContainsSubstring("No new price can be computed") && ContainsSubstring("$49.90"));
  CHECK_THAT(out.facts.back(), ContainsSubstring("cost and competitor prices"));
}

TEST_CASE("a slow seller without a cost gets no price but an explanation") {
  auto shop = headphones_shop();
  shop.products[0].item->cost.reset();
  shop.products[0].item->price = money{4500};
  shop.products[0].item->velocity_per_day = 0.1;
  const auto all = pricing::skills();
  CHECK_THAT(
    joined(shop.tell(find(all, "price_recommendation"), "What should I charge for AU-0012?")),
    ContainsSubstring("needs the cost"));
}

TEST_CASE("a product that is not in the catalogue is plainly said to be missing") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  for (const auto* skill : {"price_recommendation", "margin_check"})
    CHECK_THAT(joined(shop.tell(find(all, skill), "What should I charge for ZZ-9999?")),
               ContainsSubstring("no product with the SKU ZZ-9999"));
}

TEST_CASE("without a product the thinnest margins are looked at") {
  auto shop = headphones_shop();
  shop.thin_margin = shop.products;
  shop.thinnest_margin = shop.products;
  const auto all = pricing::skills();
  const auto recommended =
    joined(shop.tell(find(all, "price_recommendation"), "Which prices should I change?"));
  CHECK_THAT(recommended, ContainsSubstring("$44.10") && ContainsSubstring("39.7 %")
                            && ContainsSubstring("Name a product"));
  CHECK_THAT(joined(shop.tell(find(all, "margin_check"), "Which margins are thinnest?")),
             ContainsSubstring("39.7 %") && ContainsSubstring("none is below 15 %"));
  shop.thinnest_margin[0].item->cost = money{4990};
  CHECK_THAT(joined(shop.tell(find(all, "margin_check"), "Which margins are thinnest?")),
             ContainsSubstring("the margin is 0 %") && !ContainsSubstring("none is below"));
  shop.undercut = shop.products;
  shop.thin_margin.clear();
  CHECK_THAT(joined(shop.tell(find(all, "price_recommendation"), "Which prices should I change?")),
             ContainsSubstring("No margin of a product with a known cost is below 15 %")
               && ContainsSubstring("Competitors undercut these") && ContainsSubstring("$44.10"));
}

TEST_CASE("a category that is named narrows the undercut products that stand in for thin margins") {
  auto shop = headphones_shop();
  shop.products[0].item->category = "Audio";
  auto mug = make_product("KI-0003", "Stone Mug", 1000);
  mug.category = "Kitchen";
  shop.products.push_back(make_dossier(mug));
  shop.undercut = shop.products;
  const auto all = pricing::skills();
  CHECK_THAT(joined(shop.tell(find(all, "price_recommendation"), "Which prices in Kitchen?")),
             ContainsSubstring("Stone Mug") && !ContainsSubstring("Headphones")
               && ContainsSubstring("This looks at Kitchen only."));
}

TEST_CASE("the margin check gives margin, floor and the margin at another price") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  const auto out = shop.tell(find(all, "margin_check"), "What is the margin of AU-0012 at $33.00?");
  CHECK(out.facts[0]
        == "Blue Ridge Headphones (SKU AU-0012) sells at $49.90; the cost is $30.10, so the margin "
           "is 39.7 % ($19.80 a unit).");
  CHECK_THAT(out.facts[1], ContainsSubstring("$33.11"));
  CHECK_THAT(out.facts[2], ContainsSubstring("8.8 %") && ContainsSubstring("below the floor"));
}

TEST_CASE(
  "a price that is named or follows from a percentage is judged, a change of costs is not") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  const auto told = [&](std::string_view skill, std::string_view message) {
    return joined(shop.tell(find(all, skill), message));
  };
  // 49.90 less 10 % is 44.91; (44.91 - 30.10) / 44.91.
  for (const auto* skill : {"price_recommendation", "margin_check"})
    CHECK_THAT(told(skill, "What if I cut the price of AU-0012 by 10 %?"),
               ContainsSubstring("At $44.91 the margin would be 33 %.")
                 && !ContainsSubstring("no account"));
  CHECK_THAT(told("margin_check", "can I give 40 percent off on AU-0012?"),
             ContainsSubstring("At $29.94") && ContainsSubstring("below the floor"));
  CHECK_THAT(told("price_recommendation", "raise AU-0012 by 5%"),
             ContainsSubstring("At $52.40 the margin would be"));
  CHECK_THAT(told("price_recommendation", "raise AU-0012 to $70"), ContainsSubstring("At $70.00"));
  CHECK_THAT(told("margin_check", "margin of AU-0012 if the cost goes up 10 %"),
             !ContainsSubstring("At $")
               && ContainsSubstring("no account of “if the cost goes up 10 %”"));
  CHECK_THAT(told("price_recommendation", "lower all prices by 5 %"),
             ContainsSubstring("This takes no account of “5 %”."));
}

TEST_CASE("a rival who is named beside a product has his price told first") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  CHECK(shop.tell(find(all, "price_recommendation"), "What does Bolt charge for AU-0012?").facts[0]
        == "Bolt asks $45.00 for Blue Ridge Headphones (SKU AU-0012); the shop's price is $49.90.");
}

TEST_CASE("an amount is a price or a new cost, or is said to be neither") {
  const auto shop = headphones_shop();
  const auto all = pricing::skills();
  const auto says = [&](std::string_view message) {
    return joined(shop.tell(find(all, "margin_check"), message));
  };
  // (49.90 − 45) / 49.90
  for (const auto* text :
       {"margin of AU-0012 if the cost rises to $45?", "and if AU-0012 costs $45?",
        "margin of AU-0012 when my supplier wants $45"}) {
    INFO(text);
    CHECK_THAT(says(text), ContainsSubstring("At a cost of $45.00 the margin would be 9.8 % at the "
                                             "price of $49.90")
                             && ContainsSubstring("$49.50") && !ContainsSubstring("At $45.00"));
  }
  for (const auto* text :
       {"margin of AU-0012 if shipping costs me $5?", "margin of AU-0012 with fees of $5",
        "margin of AU-0012 and $5 shipping"}) {
    INFO(text);
    CHECK_THAT(says(text),
               ContainsSubstring("neither a price nor the cost") && !ContainsSubstring("At $5.00"));
  }
  CHECK_THAT(says("what does AU-0012 cost me, and what is the margin if I sell it for $45?"),
             ContainsSubstring("At $45.00 the margin would be 33.1 %"));
}

TEST_CASE("a price of zero and a missing cost have no margin") {
  auto shop = headphones_shop();
  const auto all = pricing::skills();
  shop.products[0].item->price = money{0};
  CHECK_THAT(joined(shop.tell(find(all, "margin_check"), "margin of AU-0012")),
             ContainsSubstring("a price of zero has no margin"));
  shop.products[0].item->cost.reset();
  CHECK_THAT(joined(shop.tell(find(all, "margin_check"), "margin of AU-0012")),
             ContainsSubstring("This is missing: cost."));
}

TEST_CASE("the pricing plan answers with the skill that the message asks for") {
  const auto shop = headphones_shop();
  agent_spec spec;
  spec.name = "pricing";
  spec.skills = {"price_recommendation", "margin_check"};
  const auto plan = pricing::plan();
  const auto skills_of = [&](std::string_view message) {
    return part(shop.plan(*plan, spec, message), "response").skills;
  };
  CHECK(skills_of("What is the margin of AU-0012?") == std::vector<std::string>{"margin_check"});
  CHECK(skills_of("What should I charge for AU-0012?")
        == std::vector<std::string>{"price_recommendation"});
  CHECK(skills_of("AU-0012, please") == spec.skills);
  CHECK(skills_of("Good morning") == std::vector<std::string>{"price_recommendation"});
}
