#include "agents/listing/listing_rules.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::listing;
using Catch::Matchers::ContainsSubstring;

namespace {

const marketplace_rules& rules_of(const fake_shop& shop, std::string_view name) {
  for (const auto& rules : shop.rules.marketplaces)
    if (rules.name == name)
      return rules;
  FAIL("no such marketplace");
  return shop.rules.marketplaces.front();
}

product complete() {
  auto item = make_product("A-1", "Stone Mug", 1000);
  item.brand = "Norvane";
  item.category = "Kitchen";
  item.description = "A mug of stone.";
  item.weight_g = 400;
  item.stock = 5;
  item.cost = money{500};
  return item;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "|";
  return text;
}

} // namespace

TEST_CASE("the listing price is the list price × 1.05, 0.98 and 1") {
  const fake_shop shop;
  CHECK(listing_price(money{999}, rules_of(shop, "amazon")) == money{1049}); // 1048.95
  CHECK(listing_price(money{999}, rules_of(shop, "ebay")) == money{979});    // 979.02
  CHECK(listing_price(money{999}, rules_of(shop, "storefront")) == money{999});
  CHECK(listing_price(money{25}, rules_of(shop, "ebay")) == money{25});   // 24.5
  CHECK(listing_price(money{10}, rules_of(shop, "amazon")) == money{11}); // 10.5
  CHECK(listing_price(money{0}, rules_of(shop, "amazon")) == money{0});
}

TEST_CASE("a complete product is ready without a warning") {
  const fake_shop shop;
  for (const auto& rules : shop.rules.marketplaces) {
    const auto found = validate(complete(), rules, shop.rules.banned_words);
    CHECK(found.ready());
    CHECK(found.warnings.empty());
  }
}

TEST_CASE("what keeps a product from being listed is an error") {
  const fake_shop shop;
  const auto& ebay = rules_of(shop, "ebay");
  const auto errors = [&](const product& item) {
    return text_of(validate(item, ebay, shop.rules.banned_words).errors);
  };
  auto item = complete();
  item.title.clear();
  CHECK_THAT(errors(item), ContainsSubstring("the title is missing"));
  item = complete();
  item.price = money{0};
  CHECK_THAT(errors(item), ContainsSubstring("the price is missing"));
  item = complete();
  item.title = std::string(81, 'x');
  CHECK_THAT(errors(item), ContainsSubstring("81 characters, and 80 are allowed"));
  item = complete();
  item.description = "It is risk-free.";
  CHECK_THAT(errors(item), ContainsSubstring("banned words (risk free)"));
  item = complete();
  item.description = std::string(4001, 'x');
  CHECK_THAT(errors(item), ContainsSubstring("the description has 4001"));
}

TEST_CASE("a listing price below cost × 1.1 is an error, one at it is none") {
  const fake_shop shop;
  auto item = complete();
  item.cost = money{1000};
  item.price = money{1100};
  CHECK(validate(item, rules_of(shop, "storefront"), {}).ready());
  CHECK_FALSE(validate(item, rules_of(shop, "ebay"), {}).ready());
  item.cost.reset();
  CHECK(validate(item, rules_of(shop, "ebay"), {}).ready());
}

TEST_CASE("what should be better is a warning") {
  const fake_shop shop;
  const auto found = validate(make_product("A-1", "Mug", 100), rules_of(shop, "storefront"), {});
  CHECK(found.ready());
  CHECK(found.warnings.size() == 5);
  auto item = complete();
  item.stock = 0;
  item.title = std::string(151, 'x');
  CHECK_THAT(text_of(validate(item, rules_of(shop, "amazon"), {}).warnings),
             ContainsSubstring("more than 150 is not advised")
               && ContainsSubstring("out of stock"));
}

TEST_CASE("a draft keeps to the limits and leaves the shop's business out") {
  const fake_shop shop;
  auto item = complete();
  item.title = std::string(50, 'a') + " " + std::string(50, 'b');
  item.attributes = {
    {"color", "grey"}, {"landed_cost", "5.00"}, {"size", ""}, {"made_in", "Italy"}};
  item.tags = {"gift", "stone", "kitchen", "warm"};
  const auto made = draft(item, rules_of(shop, "ebay"));
  CHECK(made.title == std::string(50, 'a'));
  CHECK(made.price == money{980});
  CHECK(made.bullets
        == std::vector<std::string>{"color: grey", "made in: Italy", "gift", "stone", "kitchen"});
  CHECK(made.description == "A mug of stone.");
}
