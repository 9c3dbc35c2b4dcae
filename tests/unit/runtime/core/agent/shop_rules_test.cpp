#include "runtime/core/agent/shop_rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "runtime/core/text/vocabulary.hpp"

using namespace flipsync;

namespace {

const marketplace_rules& find(const shop_rules& rules, std::string_view name) {
  const auto at = std::find_if(rules.marketplaces.begin(), rules.marketplaces.end(),
                               [&](const auto& m) { return m.name == name; });
  REQUIRE(at != rules.marketplaces.end());
  return *at;
}

} // namespace

TEST_CASE("Listing prices and title limits are those of the business rules") {
  const auto rules = default_shop_rules();
  CHECK(scale(money{2000}, find(rules, "amazon").price_thousandths) == money{2100});
  CHECK(scale(money{2000}, find(rules, "ebay").price_thousandths) == money{1960});
  CHECK(scale(money{2000}, find(rules, "storefront").price_thousandths) == money{2000});
  CHECK(find(rules, "amazon").title_limit == 200);
  CHECK(find(rules, "amazon").title_warn == 150);
  CHECK(find(rules, "ebay").title_limit == 80);
}

TEST_CASE("The inquiry phrases of the business rules are there, each once") {
  const auto phrases = default_shop_rules().inquiry_phrases;
  const std::set<std::string> set{phrases.begin(), phrases.end()};
  CHECK(set.size() == phrases.size());
  for (const char* phrase :
       {"do you have", "show me", "looking for", "price of", "under", "recommend"})
    CHECK(set.contains(phrase));
}

TEST_CASE("Topics lead to the quick replies of the business rules") {
  const auto topics = default_shop_rules().topics;
  const auto replies = [&](std::string_view topic) {
    const auto at = std::find_if(topics.begin(), topics.end(),
                                 [&](const auto& each) { return each.word == topic; });
    REQUIRE(at != topics.end());
    return fold(at->replies.front() + " " + at->replies.back());
  };
  CHECK(replies("sleep") == "show indica show edibles");
  CHECK(replies("pain") == "show cbd show topicals");
}

TEST_CASE("There are at most four default quick replies") {
  const auto replies = default_shop_rules().default_replies;
  CHECK((!replies.empty() && replies.size() <= 4));
}
