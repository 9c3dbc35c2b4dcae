#include "agents/content/content_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop text_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Miracle Headphones", 5000);
  item.brand = "Norvane";
  item.description = "Short.";
  shop.products = {make_dossier(item)};
  return shop;
}

} // namespace

TEST_CASE("an SEO score tells its marks and what to do") {
  const auto all = content::skills();
  const auto out = text_shop().tell(find(all, "seo_score"), "How good is the text of AU-0012?");
  CHECK_THAT(out.facts[0],
             ContainsSubstring("of 100") && ContainsSubstring("no banned words 0 of 15"));
  CHECK_THAT(joined(out), ContainsSubstring("The title has 18 characters; 40 to 80 are best.")
                            && ContainsSubstring("The description has 6 characters")
                            && ContainsSubstring("norvane")
                            && ContainsSubstring("banned words have to go: miracle"));
}

TEST_CASE("a missing description is named") {
  auto shop = text_shop();
  shop.products[0].item->description.clear();
  const auto all = content::skills();
  const auto out = shop.tell(find(all, "seo_score"), "AU-0012");
  CHECK_THAT(joined(out), ContainsSubstring("There is no description."));
  CHECK(out.missing == std::vector<std::string>{"description"});
}

TEST_CASE("limits are checked for each marketplace, or for the one that is named") {
  auto shop = text_shop();
  shop.products[0].item->title = std::string(160, 'x');
  shop.products[0].item->description = std::string(2001, 'y');
  const auto all = content::skills();
  const auto out = shop.tell(find(all, "content_limits"), "Does AU-0012 fit?");
  CHECK_THAT(joined(out),
             ContainsSubstring(
               "The title fits Amazon with 160 characters, but more than 150 is not advised.")
               && ContainsSubstring("too long for eBay: 160 characters, and 80 are allowed")
               && ContainsSubstring("The title fits the storefront")
               && ContainsSubstring("The description is too long for Amazon"));
  CHECK_THAT(joined(shop.tell(find(all, "content_limits"), "Does AU-0012 fit eBay?")),
             !ContainsSubstring("Amazon"));
}

TEST_CASE("a title in quotation marks is checked itself") {
  const auto all = content::skills();
  for (const auto* message :
       {"Is \"A miracle mug\" fine for eBay?", "Is “A miracle mug” fine for eBay?"}) {
    const auto out = text_shop().tell(find(all, "content_limits"), message);
    CHECK_THAT(joined(out), ContainsSubstring("fits eBay with 13 characters")
                              && ContainsSubstring("banned words: miracle"));
  }
}

TEST_CASE("without a product the limits are told, and long titles of best sellers") {
  auto shop = text_shop();
  shop.products[0].item->title = std::string(90, 'x');
  shop.best_sellers = shop.products;
  const auto all = content::skills();
  const auto out = shop.tell(find(all, "content_limits"), "What are the limits?");
  CHECK_THAT(joined(out), ContainsSubstring("On eBay a title may have 80 characters")
                            && ContainsSubstring("(SKU AU-0012) is too long for eBay")
                            && ContainsSubstring("On the storefront a title may have any length"));
  CHECK_THAT(joined(shop.tell(find(all, "seo_score"), "Which texts need work?")),
             ContainsSubstring("AU-0012"));
}
