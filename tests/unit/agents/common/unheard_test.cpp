#include "agents/common/unheard.hpp"

#include <catch2/catch_test_macros.hpp>

#include "agents/inventory/inventory_skills.hpp"
#include "agents/market/market_skills.hpp"
#include "agents/pricing/pricing_skills.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

/// What is said of a message that a skill heard nothing of beside the product.
std::string unheard(std::string_view message, const heard& by_skill = {}) {
  fake_shop shop;
  shop.products = {make_dossier(make_product("KI-0003", "Stone Mug", 1000)),
                   make_dossier(make_product("KI-0004", "Tin Cup", 1000))};
  const auto words = shop.words();
  const auto reading = read_message(message, words, shop.rules, {});
  skill_input input{.message = reading};
  input.now = noon();
  input.rules = &shop.rules;
  skill_output out;
  say_unheard(input, by_skill, out);
  if (const auto& item = shop.products[0].item; reading.sku == item->sku)
    say_other_products(reading, *item, out);
  return joined(out);
}

} // namespace

TEST_CASE("a span of time that an answer is not about is said to be passed over") {
  CHECK(
    unheard("What was our revenue last week?")
    == "This does not look at “last week” by itself: sales are of the last 30 days, all else is "
       "as it is now.");
  CHECK(unheard("revenue last 30 days").empty());
  CHECK(unheard("What should I do today?").empty());
  CHECK(unheard("revenue last week", {.period = true}).empty());
  CHECK(unheard("compare the revenue of this month with last month", {.period = true})
        == "Only one span of time was looked at, “this month”; ask for “last month” by itself.");
}

TEST_CASE("comparisons with a number, percentages and conditions are quoted as they stand") {
  CHECK(unheard("Which products have less than 10 units in stock?")
        == "This takes no account of “less than 10 units”.");
  CHECK(unheard("Show products below 5 units.") == "This takes no account of “below 5 units”.");
  CHECK(unheard("Which margins are under 20 %?") == "This takes no account of “under 20 %”.");
  CHECK(unheard("Show orders over $100") == "This takes no account of “over $100”.");
  CHECK(unheard("lower all prices by 5%, at least $3")
        == "This takes no account of “5%” and “at least $3”.");
  CHECK(unheard("What should I charge for KI-0003 if stock is 60?")
        == "This takes no account of “if stock is 60”.");
  CHECK(unheard("Is the margin of KI-0003 above 40 %?").empty());
  CHECK(unheard("if you can, what is over?").empty());
  CHECK(unheard("Show orders over $100", {.bound = true}).empty());
}

TEST_CASE("a marketplace whose figures are not kept apart is named") {
  CHECK(unheard("What sells best on eBay?", {.marketplace = false})
        == "This is over all marketplaces; eBay alone cannot be told.");
  CHECK(unheard("What sells best on Walmart?", {.marketplace = false})
        == "This is over all marketplaces; Walmart alone cannot be told.");
  CHECK(unheard("What sells best on eBay?").empty());
}

TEST_CASE("a second product and a second question are to be asked by themselves") {
  CHECK(unheard("What should I charge for KI-0003 and KI-0004?")
        == "Only KI-0003 was looked at; ask for KI-0004 by itself.");
  CHECK(unheard("Compare KI-0003, KI-0003 and the tin cup")
        == "Only KI-0003 was looked at; ask for “tin cup” by itself.");
  CHECK(unheard("What should I charge for KI-0003 and how long will it last?")
        == "One question is answered at a time; ask “how long will it last” by itself.");
  CHECK(unheard("Who undercuts KI-0003? What is its margin?")
        == "One question is answered at a time; ask “What is its margin” by itself.");
  CHECK(unheard("What should I charge?").empty());
  CHECK(unheard("Tell me what sells and what does not", heard::everything()).empty());
}

TEST_CASE("a seller's skill says what it did not look at, once") {
  fake_shop shop;
  shop.products = {make_dossier(make_product("KI-0003", "Stone Mug", 1000)),
                   make_dossier(make_product("KI-0004", "Tin Cup", 1000))};
  shop.best_sellers = shop.products;
  const auto all = inventory::skills();
  CHECK(joined(shop.tell(find(all, "reorder_advice"), "Which products have more than 100 units?"))
          .find("This takes no account of “more than 100 units”.")
        != std::string::npos);
  CHECK(joined(shop.tell(find(all, "stock_cover"), "How long will KI-0003 and KI-0004 last?"))
          .find("Only KI-0003 was looked at; ask for KI-0004 by itself.")
        != std::string::npos);
  CHECK(joined(shop.tell(find(market::skills(), "sales_velocity"), "what sells best on eBay?"))
          .find("eBay alone cannot be told")
        != std::string::npos);
}
