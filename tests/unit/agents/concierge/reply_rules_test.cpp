#include "agents/concierge/reply_rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include "agents/concierge/search_rules.hpp"
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

TEST_CASE("with products: add to cart, similar, details") {
  CHECK(replies("headphones", 1)
        == names{"Add Headphones to cart", "Show similar Audio", "Details of Headphones"});
  CHECK(replies("headphones", 3) == replies("headphones", 1));
  auto item = audio_item("Headphones");
  item.subcategory = "Over-ear";
  CHECK(replies("headphones", 1, {}, item)[1] == "Show similar Over-ear");
  CHECK(replies("show similar over-ear", 1, {}, item)
        == names{"Add Headphones to cart", "Details of Headphones"});
}

TEST_CASE("a cart is offered neither for what is sold out nor to who asked for it") {
  auto item = audio_item("Headphones");
  item.stock = 0;
  CHECK(replies("headphones", 1, {}, item) == names{"Show similar Audio", "Details of Headphones"});
  item.stock = 1;
  CHECK(replies("headphones", 1, {}, item).front() == "Add Headphones to cart");
  CHECK(replies("add Headphones to cart", 1, {}, item).front() == "Show similar Audio");
}

TEST_CASE("more is asked for in words that search for the same") {
  auto item = audio_item("Ridge Headphones");
  item.brand = "Ridge";
  fake_shop shop;
  shop.products = {make_dossier(item)};
  auto words = shop.words();
  words.add_measure("battery_hours");
  const auto reply_to = [&](std::string_view message) {
    const auto reading = read_message(message, words, shop.rules, {});
    skill_input input{.message = reading};
    input.words = &words;
    input.rules = &shop.rules;
    const auto query = concierge::search_query(reading);
    REQUIRE(query);
    const auto reply = concierge::more_reply(*query, input);
    INFO(message << " > " << reply);
    if (!reply.empty()) {
      const auto again = read_message(reply, words, shop.rules, {});
      CHECK(concierge::decide(again).show_products);
      auto wanted = concierge::search_query(again);
      REQUIRE(wanted);
      CHECK(wanted->limit == 50);
      wanted->limit = query->limit;
      CHECK(*wanted == *query);
    }
    return reply;
  };
  CHECK(reply_to("headphones under $50") == "Show more headphones under $50");
  CHECK(reply_to("ridge audio between $20 and $49.50 in stock")
        == "Show more ridge audio between $20 and $49.50 in stock");
  CHECK(reply_to("show me audio from $20") == "Show more Audio over $20");
  CHECK(reply_to("the most expensive audio") == "Show more of the most expensive Audio");
  CHECK(reply_to("cheapest audio") == "Show more of the cheapest Audio");
  CHECK(reply_to("audio with hours over 6.5") == "Show more Audio with battery hours over 6.5");
  CHECK(reply_to("what can I get for $20?") == "Show more products under $20");
  CHECK(reply_to("the cheapest") == "Show more of the cheapest products");
  CHECK(reply_to("show me 4k screens").empty());
  CHECK(reply_to("show me more audio").empty());
  CHECK(reply_to("recommend something").empty());
}

TEST_CASE("a product with effects offers them in place of details") {
  auto item = audio_item("Blue Dream");
  item.attributes = {{"effects", "calm"}};
  CHECK(concierge::detail_reply(item) == "Effects of Blue Dream");
  item.attributes = {{"effects", ""}};
  CHECK(concierge::detail_reply(item) == "Details of Blue Dream");
}

TEST_CASE("a long title is spoken of as it, and nothing is similar without a category") {
  auto item = make_product("A-1", "A Title That Has Clearly More Than Forty Characters", 100);
  CHECK(replies("x", 1, {}, item) == names{"Add it to cart", "Details of it"});
}

TEST_CASE("topics of the message bring their configured replies") {
  CHECK(replies("I cannot sleep", 0) == names{"Show indica", "Show edibles"});
  CHECK(replies("sleep and pain", 0)
        == names{"Show indica", "Show edibles", "Show CBD", "Show topicals"});
  CHECK(replies("sleeps and pains", 0)
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

TEST_CASE("what the catalogue does not carry is not offered") {
  fake_shop shop;
  auto edible = make_product("E-1", "Gummies", 100);
  edible.category = "Edibles";
  shop.products = {make_dossier(edible)};
  const auto words = shop.words();
  const auto reading = read_message("I cannot sleep", words, shop.rules, {});
  skill_input input{.message = reading};
  input.words = &words;
  input.rules = &shop.rules;
  CHECK(concierge::quick_replies({}, input) == names{"Show edibles"});
  const vocabulary none;
  input.words = &none;
  CHECK(concierge::quick_replies({}, input) == shop.rules.default_replies);
}

TEST_CASE("without products and topics the defaults come") {
  CHECK(replies("hello", 0) == names{"Show best sellers", "What is in stock?", "Help me choose"});
}

TEST_CASE("replies have no duplicates whatever the case, and at most four") {
  fake_shop shop;
  shop.rules.default_replies = {"One", "one", "ONE!", "", "Two", "Three", "Four", "Five"};
  CHECK(replies("hello", 0, shop) == names{"One", "Two", "Three", "Four"});
}
