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
    row{"lamps under $30", true}, row{"what are your best sellers", true},
    row{"most expensive products", true}, row{"the cheapest", true}, row{"blue headphones", true},
    row{"hello", false}, row{"do you ship to Canada", false},
    row{"I know nothing of it yet", false}, row{"", false});
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

TEST_CASE("a category of the question's own words is a loose one, and is not said twice") {
  const auto asked = search_query(searched_reading("do you have an audio stand?"));
  REQUIRE(asked);
  CHECK(asked->category == "Audio");
  CHECK(asked->loose_category);
  CHECK(describe(*asked) == "“audio stand”");
  const auto similar =
    search_query(searched_reading("something similar to Blue Ridge Headphones in audio"));
  REQUIRE(similar);
  CHECK_FALSE(similar->loose_category);
}

namespace {

message_reading reading_of_many(std::string_view message) {
  static const auto words = [] {
    vocabulary v;
    for (const char* name : {"Office", "Lighting", "Headphones", "Speakers", "Dogs", "Toys"})
      v.add(entity_kind::category, name);
    for (const char* name : {"Norvane", "Tessura"})
      v.add(entity_kind::brand, name);
    return v;
  }();
  static const auto rules = default_shop_rules();
  return read_message(message, words, rules, {});
}

} // namespace

TEST_CASE("what is not wanted is searched without, and said") {
  const auto query = search_query(reading_of_many("headphones without plastic, not by Norvane"));
  REQUIRE(query);
  CHECK(query->text == "Headphones");
  CHECK(query->brand.empty());
  CHECK(query->without == std::vector<std::string>{"plastic", "Norvane"});
  CHECK(describe(*query) == "“Headphones” without plastic or Norvane");
  const auto scope = best_seller_scope(reading_of_many("best selling headphones without plastic"));
  CHECK(scope.without == std::vector<std::string>{"plastic"});
  CHECK(scope.text.empty());
}

TEST_CASE("of several categories or brands none is dropped") {
  using names = std::vector<std::string>;
  struct row {
    const char* message;
    const char* text;
    names categories, brands;
    const char* description;
  };
  const row rows[] = {
    {"office lighting", "office lighting", {"Office", "Lighting"}, {}, "“office lighting”"},
    {"toys for dogs", "toys dogs", {"Toys", "Dogs"}, {}, "“toys dogs”"},
    {"headphones and speakers", "", {"Headphones", "Speakers"}, {}, "“Headphones” or “Speakers”"},
    {"wireless headphones or a speaker",
     "wireless",
     {"Headphones", "Speakers"},
     {},
     "“wireless” in Headphones or Speakers"},
    {"Norvane or Tessura headphones",
     "headphones",
     {"Headphones"},
     {"Norvane", "Tessura"},
     "“headphones” of the brand Norvane or Tessura"},
    {"norvane and tessura", "", {}, {"Norvane", "Tessura"}, "“Norvane” or “Tessura”"},
    {"headphones, just headphones", "Headphones", {"Headphones"}, {}, "“Headphones”"}};
  const auto all_of = [](const std::string& first, names others) {
    if (!first.empty())
      others.insert(others.begin(), first);
    return others;
  };
  for (const auto& c : rows) {
    INFO(c.message);
    const auto query = search_query(reading_of_many(c.message));
    REQUIRE(query);
    CHECK(query->text == c.text);
    CHECK(all_of(query->category, query->other_categories) == c.categories);
    CHECK(all_of(query->brand, query->other_brands) == c.brands);
    CHECK(describe(*query) == c.description);
  }
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

TEST_CASE("more, the cheapest and the most expensive read up to fifty rows") {
  for (const auto* message :
       {"show me more audio", "the cheapest audio", "the most expensive audio"}) {
    INFO(message);
    CHECK(search_query(searched_reading(message))->limit == 50);
  }
}

TEST_CASE("nothing to search by is no search") {
  CHECK_FALSE(search_query(searched_reading("")));
  CHECK_FALSE(search_query(searched_reading("how much is it?")));
}

TEST_CASE("the most expensive are searched for from the highest price down") {
  for (const auto* message :
       {"show me the most expensive audio", "highest priced audio", "the priciest audio"}) {
    INFO(message);
    const auto query = search_query(searched_reading(message));
    CHECK(query->dearest_first);
    CHECK(query->text == "Audio");
  }
  CHECK_FALSE(search_query(searched_reading("the least expensive audio"))->dearest_first);
  CHECK(search_query(searched_reading("show me similar audio"))->text == "Audio");
}

TEST_CASE("a limit on an attribute is a filter of the search") {
  vocabulary words;
  words.add_measure("thc_percent");
  const shop_rules rules;
  const auto reading = read_message("thc under 20 percent", words, rules, {});
  CHECK(decide(reading).show_products);
  const auto query = search_query(reading);
  REQUIRE(query);
  REQUIRE(query->attributes.size() == 1);
  CHECK(query->attributes[0].name == "thc percent");
  CHECK(query->attributes[0].high == 20.0);
  CHECK(describe(*query) == "with thc percent up to 20");
}

TEST_CASE("an amount that limits no price is named") {
  CHECK(unused_amount(searched_reading("$50 audio"))
        == "The amount $50.00 was not used to choose: say “under $50.00”, “from $50.00” or "
           "“around $50.00”.");
  CHECK(unused_amount(searched_reading("audio for $50")).empty());
  CHECK(unused_amount(searched_reading("audio")).empty());
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

TEST_CASE("the selection keeps the store's order, or goes by price where that is asked for") {
  const auto hits = three_hits();
  using names = std::vector<std::string>;
  CHECK(titles(select_for("show me all", hits)) == names{"Strong", "Mild", "Plain"});
  CHECK(titles(select_for("show me the cheapest", hits)) == names{"Plain", "Mild", "Strong"});
  const std::vector<product_hit> turned{hits[2], hits[0], hits[1]};
  CHECK(titles(select_for("show me the most expensive", turned))
        == names{"Strong", "Mild", "Plain"});
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

TEST_CASE("no more is shown than fits") {
  const std::vector<product_hit> many(50, {make_product("A", "Thing", 100), 1});
  CHECK(select_for("show me things", many).shown.size() == shown_products);
  CHECK(select_for("show me more things", many).shown.size() == 20);
}
