#include "agents/concierge/pitch.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::concierge;

namespace {

product headphones() {
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 4990);
  item.brand = "Norvane";
  item.category = "Audio";
  item.description = "Warm sound for long days. Folds flat.";
  item.attributes = {
    {"color", "blue"}, {"unit_cost", "30.10"}, {"battery_hours", "30"}, {"empty", ""}};
  item.stock = 3;
  return item;
}

} // namespace

TEST_CASE("a pitch is one sentence from the product's own data") {
  CHECK(pitch(headphones())
        == "Blue Ridge Headphones by Norvane: Warm sound for long days; color blue and battery "
           "hours 30.");
}

TEST_CASE("a brand that stands in the title is not repeated") {
  auto item = headphones();
  item.brand = "Blue Ridge";
  CHECK(pitch(item).starts_with("Blue Ridge Headphones: Warm"));
}

TEST_CASE("a product with nothing but a title has a short pitch") {
  CHECK(pitch(make_product("A-1", "Mug", 100)) == "Mug.");
  auto tagged = make_product("A-1", "Mug", 100);
  tagged.tags = {"stone", "gift"};
  CHECK(pitch(tagged) == "Mug: stone and gift.");
}

TEST_CASE("a card has the price, the pitch and whether it is in stock") {
  const auto shown = card(headphones());
  CHECK(shown.sku == "AU-0012");
  CHECK(shown.price == money{4990});
  CHECK(shown.in_stock);
  CHECK(shown.pitch == pitch(headphones()));
  auto item = headphones();
  item.stock = 0;
  CHECK_FALSE(card(item).in_stock);
  item.stock.reset();
  CHECK(card(item).in_stock);
}

TEST_CASE("an offer tells price and stock") {
  CHECK(
    offer_sentence(headphones())
    == "Blue Ridge Headphones by Norvane costs $49.90 and is in stock: Warm sound for long days.");
  auto item = headphones();
  item.stock = 0;
  CHECK(offer_sentence(item).find("but is sold out") != std::string::npos);
  item.stock.reset();
  item.description.clear();
  CHECK(offer_sentence(item) == "Blue Ridge Headphones by Norvane costs $49.90.");
}

TEST_CASE("details tell description, public attributes and category") {
  const auto told = detail_sentences(headphones());
  REQUIRE(told.size() == 4);
  CHECK(told[0] == "Blue Ridge Headphones by Norvane costs $49.90 and is in stock.");
  CHECK(told[1] == "Warm sound for long days. Folds flat.");
  CHECK(told[2] == "In detail: color blue and battery hours 30.");
  CHECK(told[3] == "It belongs to Audio.");
}

TEST_CASE("a comparison tells the price gap and the attributes in which the products differ") {
  auto one = headphones();
  auto two = headphones();
  two.title = "Green Hill Headphones";
  two.price = money{3990};
  two.attributes = {{"color", "blue"}, {"battery_hours", "20"}};
  const auto told = comparison_sentences({&one, &two});
  REQUIRE(told.size() == 2);
  CHECK(
    told[0]
    == "Green Hill Headphones is the cheapest at $39.90, $10.00 less than Blue Ridge Headphones.");
  CHECK(told[1]
        == "The battery hours is 30 for Blue Ridge Headphones and 20 for Green Hill Headphones.");
  two.price = one.price;
  CHECK(comparison_sentences({&one, &two})[0] == "They all cost $49.90.");
  CHECK(comparison_sentences({&one}).empty());
  CHECK(comparison_sentences({}).empty());
}

TEST_CASE("a card as JSON is an object with its fields") {
  const auto json = card_json(card(headphones()));
  CHECK(is_json_object(json));
  CHECK(json.find("\"price\":49.90") != std::string::npos);
}

TEST_CASE("what is told of a product follows it at once, whatever was told before") {
  product item;
  item.sku = "AUD-1";
  item.title = "Ridge Headphones";
  item.price = money{4990};
  item.stock = 3;
  item.description = "Warm sound.";
  CHECK(offer_sentence(item) == "Ridge Headphones costs $49.90 and is in stock: Warm sound.");
  CHECK(offer_sentence(item) == "Ridge Headphones costs $49.90 and is in stock: Warm sound.");
  item.price = money{3990};
  CHECK(offer_sentence(item) == "Ridge Headphones costs $39.90 and is in stock: Warm sound.");
  item.stock = 0;
  CHECK(offer_sentence(item) == "Ridge Headphones costs $39.90 but is sold out: Warm sound.");
  item.attributes = {{"colour", "blue"}};
  CHECK(pitch(item) == "Ridge Headphones: Warm sound; colour blue.");
  item.attributes.front().second = "red";
  CHECK(pitch(item) == "Ridge Headphones: Warm sound; colour red.");
  item.description = std::string(4000, 'x');
  CHECK(pitch(item).starts_with("Ridge Headphones: x"));
}
