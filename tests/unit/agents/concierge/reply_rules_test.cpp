#include "agents/concierge/reply_rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using names = std::vector<std::string>;

namespace {

product audio_item(std::string title) {
  auto item = make_product("AU-1", std::move(title), 100);
  item.category = "Audio";
  return item;
}

names replies(std::string_view message, std::size_t products, const fake_shop& shop = {},
              const product& item = audio_item("Headphones")) {
  const std::vector<const product*> shown(products, &item);
  const auto words = shop.words();
  const auto reading = read_message(message, words, shop.rules, {});
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  return concierge::quick_replies(shown, input);
}

} // namespace

TEST_CASE("with products: add to cart, similar, details, and more from three on") {
  CHECK(replies("headphones", 1)
        == names{"Add Headphones to cart", "Show similar Audio", "Details of Headphones"});
  CHECK(replies("headphones", 2).size() == 3);
  CHECK(replies("headphones", 3)
        == names{"Add Headphones to cart", "Show similar Audio", "Details of Headphones",
                 "Show more Audio"});
}

TEST_CASE("a product with effects offers them in place of details") {
  auto item = audio_item("Blue Dream");
  item.attributes = {{"effects", "calm"}};
  CHECK(concierge::detail_reply(item) == "Effects of Blue Dream");
  item.attributes = {{"effects", ""}};
  CHECK(concierge::detail_reply(item) == "Details of Blue Dream");
}

TEST_CASE("a long title is spoken of as it, and a missing category as products") {
  auto item = make_product("A-1", "A Title That Has Clearly More Than Forty Characters", 100);
  CHECK(replies("x", 1, {}, item)
        == names{"Add it to cart", "Show similar products", "Details of it"});
}

TEST_CASE("topics of the message bring their configured replies") {
  CHECK(replies("I cannot sleep", 0) == names{"Show indica", "Show edibles"});
  CHECK(replies("sleep and pain", 0)
        == names{"Show indica", "Show edibles", "Show CBD", "Show topicals"});
  // On word boundaries.
  CHECK(replies("painting", 0)
        == names{"Show best sellers", "What is in stock?", "Help me choose"});
}

TEST_CASE("topics fill up what products leave, to four at most") {
  CHECK(replies("headphones for sleep", 1).back() == "Show indica");
  CHECK(replies("headphones for sleep", 1).size() == 4);
  CHECK(replies("headphones for sleep", 3).size() == 4);
}

TEST_CASE("without products and topics the defaults come") {
  CHECK(replies("hello", 0) == names{"Show best sellers", "What is in stock?", "Help me choose"});
}

TEST_CASE("replies have no duplicates whatever the case, and at most four") {
  fake_shop shop;
  shop.rules.default_replies = {"One", "one", "ONE!", "", "Two", "Three", "Four", "Five"};
  CHECK(replies("hello", 0, shop) == names{"One", "Two", "Three", "Four"});
}
