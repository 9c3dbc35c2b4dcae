#include "agents/listing/listing_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop listed_shop() {
  fake_shop shop;
  auto item = make_product("KI-0003", "Stone Mug", 1000);
  item.brand = "Norvane";
  item.category = "Kitchen";
  item.attributes = {{"color", "grey"}};
  item.stock = 3;
  shop.products = {make_dossier(item)};
  return shop;
}

} // namespace

TEST_CASE("a listing is ready or not, with what could be better told once") {
  const auto all = listing::skills();
  const auto out =
    listed_shop().tell(find(all, "listing_validation"), "Is the listing of KI-0003 complete?");
  CHECK(out.facts[0] == "Stone Mug (SKU KI-0003) is ready for Amazon, eBay and the storefront.");
  CHECK(out.facts.back()
        == "It could be better: the description is missing and the weight is missing, so shipping "
           "cannot be computed.");
  CHECK(out.facts.size() == 2);
}

TEST_CASE("what cannot be listed is told with its reasons") {
  auto shop = listed_shop();
  shop.products[0].item->title = std::string(90, 'x');
  shop.best_sellers = shop.products;
  const auto all = listing::skills();
  CHECK_THAT(
    joined(shop.tell(find(all, "listing_validation"), "Is KI-0003 fine on eBay?")),
    ContainsSubstring("cannot be listed on eBay: the title has 90 characters, and 80 are allowed"));
  CHECK_THAT(joined(shop.tell(find(all, "listing_validation"), "Any listing problems?")),
             ContainsSubstring("cannot be listed on eBay"));
}

TEST_CASE("listing prices are told for each marketplace") {
  const auto all = listing::skills();
  CHECK(listed_shop().tell(find(all, "listing_price"), "listing price of KI-0003").facts[0]
        == "The listing price of Stone Mug (SKU KI-0003) is $10.50 on Amazon (list price × 1.05), "
           "$9.80 on eBay (list price × 0.98) and "
           "$10.00 on the storefront (list price × 1); the list price is $10.00.");
  CHECK_THAT(joined(listed_shop().tell(find(all, "listing_price"), "How are listing prices made?")),
             ContainsSubstring("× 1.05 on Amazon"));
}

TEST_CASE("a shop without marketplaces keeps its list price") {
  auto shop = listed_shop();
  shop.rules.marketplaces.clear();
  const auto all = listing::skills();
  CHECK_THAT(joined(shop.tell(find(all, "listing_price"), "listing price of KI-0003")),
             ContainsSubstring("keeps its list price of $10.00"));
}

TEST_CASE("a template is filled from the product's own data, and a missing description is named") {
  const auto all = listing::skills();
  const auto out =
    listed_shop().tell(find(all, "listing_template"), "Create an eBay listing for KI-0003");
  CHECK(out.facts[0] == "On eBay list it as “Stone Mug” at $9.80, with the bullets color: grey.");
  CHECK(out.missing == std::vector<std::string>{"description"});
  CHECK_THAT(joined(listed_shop().tell(find(all, "listing_template"), "What does a listing need?")),
             ContainsSubstring("at most 80 characters"));
}
