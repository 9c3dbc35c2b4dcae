#include "agents/concierge/search_rules.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace flipsync::concierge;

namespace {

fake_shop searched_shop() {
  fake_shop shop;
  auto item = make_product("AU-0012", "Blue Ridge Headphones", 4990);
  item.brand = "Ridge";
  item.category = "Audio";
  shop.products = {make_dossier(item)};
  return shop;
}

message_reading searched_reading(std::string_view message, const earlier_talk& earlier = {}) {
  const auto shop = searched_shop();
  return read_message(message, shop.words(), shop.rules, earlier);
}

} // namespace

TEST_CASE("rules decide whether a message asks for products") {
  struct row {
    const char* message;
    bool expected;
  };
  const auto c = GENERATE(
    row{"do you have lamps", true}, row{"show me something", true}, row{"anything in audio?", true},
    row{"what does ridge make", true}, row{"Blue Ridge Headphones", true}, row{"AU-0012", true},
    row{"lamps under $30", true}, row{"what are your best sellers", true}, row{"hello", false},
    row{"do you ship to Canada", false}, row{"I know nothing of it yet", false}, row{"", false});
  INFO(c.message);
  CHECK(decide(searched_reading(c.message)).show_products == c.expected);
}

TEST_CASE("a pronoun is resolved by what was shown, else it is asked about") {
  CHECK(asks_of_unknown(searched_reading("how much is it?")));
  CHECK_FALSE(decide(searched_reading("how much is it?")).show_products);
  const auto known = searched_reading("how much is it?", {"AU-0012"});
  CHECK_FALSE(asks_of_unknown(known));
  CHECK(decide(known).show_products);
  CHECK(about_named(known));
  CHECK_FALSE(asks_of_unknown(searched_reading("is it true that ridge is good?")));
}

TEST_CASE("a named product is meant itself, unless others like it are asked for") {
  CHECK(about_named(searched_reading("tell me about Blue Ridge Headphones")));
  CHECK(about_named(searched_reading("I'd like the Blue Ridge Headphones")));
  CHECK_FALSE(about_named(searched_reading("show me something similar to Blue Ridge Headphones")));
  CHECK_FALSE(about_named(searched_reading("show me audio")));
}

TEST_CASE("the search takes category, brand, price and stock from the message") {
  const auto query = search_query(searched_reading("show me ridge audio under $60 in stock"));
  REQUIRE(query);
  CHECK(query->category == "Audio");
  CHECK(query->brand == "Ridge");
  CHECK(query->max_price == money{6000});
  CHECK(query->in_stock_only);
  CHECK(query->limit == shown_products);
}

TEST_CASE("best sellers are narrowed by what the message says beside") {
  const auto of_audio = best_seller_scope(searched_reading("most popular ridge audio under $60"));
  CHECK(of_audio.category == "Audio");
  CHECK(of_audio.brand == "Ridge");
  CHECK(of_audio.max_price == money{6000});
  CHECK(of_audio.text.empty());
  CHECK(best_seller_scope(searched_reading("best selling boots")).text == "boots");
  CHECK(best_seller_scope(searched_reading("what are your best sellers this week?")).empty());
}

TEST_CASE("more, the cheapest and attribute limits read up to fifty rows") {
  for (const auto* message :
       {"show me more audio", "the cheapest audio", "audio with power over 20 watts"}) {
    INFO(message);
    CHECK(search_query(searched_reading(message))->limit == 50);
  }
}

TEST_CASE("nothing to search by is no search") {
  CHECK_FALSE(search_query(searched_reading("")));
  CHECK_FALSE(search_query(searched_reading("how much is it?")));
}

TEST_CASE("attribute limits are numbers after a word and a comparison, but not prices") {
  const auto limits =
    attribute_limits(searched_reading("thc under 20 percent and cbd over 5 percent"));
  REQUIRE(limits.size() == 2);
  CHECK(limits[0].name == "thc");
  CHECK(limits[0].high == 20.0);
  CHECK_FALSE(limits[0].low);
  CHECK(limits[1].name == "cbd");
  CHECK(limits[1].low == 5.0);
  CHECK(attribute_limits(searched_reading("audio under $20")).empty());
  CHECK(attribute_limits(searched_reading("under 20 percent")).empty());
  CHECK(attribute_limits(searched_reading("thc under twenty")).empty());
}

TEST_CASE("a search is described by what it looks for") {
  product_search query;
  CHECK(describe(query).empty());
  query.text = "headphones";
  query.category = "Audio";
  query.max_price = money{5000};
  CHECK(describe(query) == "“headphones” in Audio up to $50.00");
  query.text = "audio";
  query.brand = "Ridge";
  query.min_price = money{1000};
  query.in_stock_only = true;
  CHECK(describe(query) == "“audio” of the brand Ridge between $10.00 and $50.00 in stock");
}

namespace {

std::vector<product_hit> three_hits() {
  auto strong = make_product("C-1", "Strong", 3000);
  strong.attributes = {{"thc_percent", "25%"}};
  auto mild = make_product("C-2", "Mild", 2000);
  mild.attributes = {{"thc_percent", "18"}};
  const auto plain = make_product("C-3", "Plain", 1000);
  return {{strong, 3}, {mild, 2}, {plain, 1}};
}

std::vector<std::string> titles(const selection& chosen) {
  std::vector<std::string> names;
  for (const auto* item : chosen.shown)
    names.push_back(item->title);
  return names;
}

selection select_for(std::string_view message, const std::vector<product_hit>& hits,
                     bool confirmed = false, std::vector<std::string> gated = {}) {
  auto shop = searched_shop();
  shop.rules.age_gated_categories = std::move(gated);
  const auto reading = read_message(message, shop.words(), shop.rules, {});
  skill_input input{.message = reading};
  input.age_confirmed = confirmed;
  input.rules = &shop.rules;
  return select(hits, input);
}

} // namespace

TEST_CASE("the selection keeps the store's order, or goes by price for the cheapest") {
  const auto hits = three_hits();
  using names = std::vector<std::string>;
  CHECK(titles(select_for("show me all", hits)) == names{"Strong", "Mild", "Plain"});
  CHECK(titles(select_for("show me the cheapest", hits)) == names{"Plain", "Mild", "Strong"});
}

TEST_CASE("an attribute limit keeps what lies within it, at the boundary too") {
  const auto hits = three_hits();
  using names = std::vector<std::string>;
  CHECK(titles(select_for("show me thc under 18 percent", hits)) == names{"Mild"});
  CHECK(titles(select_for("show me thc over 19 percent", hits)) == names{"Strong"});
  // No product has a wattage, so that is no filter.
  CHECK(titles(select_for("show me power over 19 watts", hits)).size() == 3);
}

TEST_CASE("what needs a confirmed age is withheld until it is") {
  auto hits = three_hits();
  hits[0].item.age_restricted = true;
  hits[1].item.category = "cannabis";
  const auto without = select_for("show me all", hits, false, {"Cannabis"});
  CHECK(titles(without) == std::vector<std::string>{"Plain"});
  CHECK(without.withheld == 2);
  const auto with = select_for("show me all", hits, true, {"Cannabis"});
  CHECK(with.shown.size() == 3);
  CHECK(with.withheld == 0);
}

TEST_CASE(
  "a search matches whole where every word is in some product's data, in singular or plural") {
  auto one = make_product("A-1", "Burr Coffee Grinder", 100);
  one.tags = {"Kitchen"};
  auto two = make_product("A-2", "Coffee Beans", 100);
  two.attributes = {{"region", "Éthiopie"}};
  CHECK(matches_whole("coffee grinders", {&one}));
  CHECK(matches_whole("kitchen coffee", {&one}));
  CHECK(matches_whole("coffee ethiopie", {&one, &two}));
  CHECK_FALSE(matches_whole("coffee ethiopie", {&one}));
  CHECK(matches_whole("", {}));
  CHECK_FALSE(matches_whole("coffee", {}));
}

TEST_CASE("no more is shown than fits") {
  const std::vector<product_hit> many(50, {make_product("A", "Thing", 100), 1});
  CHECK(select_for("show me things", many).shown.size() == shown_products);
  CHECK(select_for("show me more things", many).shown.size() == 20);
}
