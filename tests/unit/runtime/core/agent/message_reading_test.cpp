#include <catch2/catch_test_macros.hpp>

#include "runtime/core/agent/skill.hpp"

using namespace flipsync;

namespace {

const vocabulary& catalogue() {
  static const auto words = [] {
    vocabulary v;
    for (const char* name : {"Headphones", "Desk Lamps", "Kettles"})
      v.add(entity_kind::category, name);
    v.add(entity_kind::brand, "AeroPress");
    v.add(entity_kind::attribute, "wireless");
    v.add(entity_kind::attribute, "12 kg");
    v.add(entity_kind::attribute, "3000 mAh");
    v.add_measure("battery_mah");
    v.add_measure("vintage");
    v.add_product("Trail Backpack 40L");
    v.add_sku("LMP-204");
    return v;
  }();
  return words;
}

message_reading read(std::string_view text, const earlier_talk& earlier = {}) {
  static const auto rules = default_shop_rules();
  return read_message(text, catalogue(), rules, earlier);
}

std::optional<money> cents(std::optional<std::int64_t> value) {
  return value ? std::optional{money{*value}} : std::nullopt;
}

} // namespace

TEST_CASE("What is running low is no question about running") {
  vocabulary words;
  words.add(entity_kind::category, "Running");
  const auto rules = default_shop_rules();
  const auto read_it = [&](std::string_view text) { return read_message(text, words, rules, {}); };
  for (const auto* text : {"What is running low?", "what are we running out of", "RUNNING-LOW",
                           "What runs out?", "what ran low"}) {
    INFO(text);
    const auto idle = read_it(text);
    CHECK(idle.category.empty());
    CHECK(idle.entities.empty());
    CHECK(idle.subject.empty());
    CHECK_FALSE(idle.product_inquiry);
  }
  CHECK(read_it("running shoes for my running club").category == "Running");
  const auto both = read_it("which running shoes are running low?");
  CHECK(both.category == "Running");
  CHECK(both.entities.size() == 1);
}

TEST_CASE("Price bounds are read from what people write") {
  struct row {
    const char* text;
    std::optional<std::int64_t> low, high;
  };
  const auto none = std::nullopt;
  const row rows[] = {
    {"lamps under $30", none, 3000},
    {"lamps under 30", none, 3000},
    {"below 29.99 please", none, 2999},
    {"less than $5", none, 500},
    {"no more than 30 dollars", none, 3000},
    {"at most about $1,299.99", none, 129999},
    {"up to 40 bucks", none, 4000},
    {"max 25", none, 2500},
    {"a budget of $80", none, 8000},
    {"$30 or less", none, 3000},
    {"at least $5", 500, none},
    {"over $100", 10000, none},
    {"more than 20 euros", 2000, none},
    {"$50 and up", 5000, none},
    {"between 20 and 40 dollars", 2000, 4000},
    {"between 20 and 40", 2000, 4000},
    {"from $20 to $40", 2000, 4000},
    {"$20-$40", 2000, 4000},
    {"20-40 dollars", 2000, 4000},
    {"20 - 40 dollars", 2000, 4000},
    {"between $40 and $20", 2000, 4000},
    {"over $20 but under $40", 2000, 4000},
    {"lamps <= $50", none, 5000},
    {"lamps <$50", none, 5000},
    {"lamps ≤ 50", none, 5000},
    {"lamps >= $50", 5000, none},
    {"lamps 50$ max", none, 5000},
    {"lamps $50 maximum", none, 5000},
    {"lamps $20 min", 2000, none},
    {"over $20 max $50", 2000, 5000},
    {"lamps from $50", 5000, none},
    {"lamps for $50", none, 5000},
    {"what can I get for $20?", none, 2000},
    {"I have 20 dollars", none, 2000},
    {"lamps around $50", 4000, 6000},
    {"lamps for about $9.99", 800, 1198},
    {"lamps ~$50", 4000, 6000},
    {"an offer of $40", none, none},
    {"$50 lamps", none, none},
    {"from 50", none, none},
    {"under 3 days", none, none},
    {"under 30%", none, none},
    {"more than 100 units", none, none},
    {"max 2 kg", none, none},
    {"20 and 40", none, none},
    {"under the table", none, none},
    {"", none, none},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto got = read(r.text);
    CHECK(got.min_price == cents(r.low));
    CHECK(got.max_price == cents(r.high));
  }
}

TEST_CASE("A number behind the name of an attribute limits that, and is no price") {
  struct row {
    const char* text;
    const char* name;
    std::optional<double> low, high;
    const char* subject;
  };
  const auto none = std::nullopt;
  const row rows[] = {
    {"kettles with vintage over 2020", "vintage", 2020, none, "Kettles"},
    {"kettles vintage between 2015 and 2020", "vintage", 2015, 2020, "Kettles"},
    {"kettles vintage 2015-2020", "vintage", 2015, 2020, "Kettles"},
    {"kettles, vintage >= 2015", "vintage", 2015, none, "Kettles"},
    {"phones with battery over 3000 mAh", "battery mah", 3000, none, "phones"},
    {"phones with battery mAh over 3000", "battery mah", 3000, none, "phones"},
    {"phones with a battery of at least 3,000mAh", "battery mah", 3000, none, "phones"},
    {"phones with a battery of no more than 6.5", "battery mah", none, 6.5, "phones"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto got = read(r.text);
    CHECK_FALSE((got.min_price || got.max_price));
    CHECK(got.subject == r.subject);
    REQUIRE(got.measures.size() == 1);
    CHECK(got.measures[0].name == r.name);
    CHECK(got.measures[0].low == r.low);
    CHECK(got.measures[0].high == r.high);
  }
  CHECK(read("battery under $20").measures.empty());
  CHECK(read("battery under $20").max_price == money{2000});
  CHECK(read("lamps over 2020").measures.empty());
}

TEST_CASE("An amount that bounds the price is an amount too") {
  CHECK(read("would you take it for $40").amount == money{4000});
  CHECK(read("around $40").amount == money{4000});
}

TEST_CASE("A bare amount is read, a bound is none") {
  CHECK(read("an offer of $40 for it").amount == money{4000});
  CHECK(read("he pays 25 bucks").amount == money{2500});
  CHECK(read("take $12.50 or $13?").amount == money{1250});
  CHECK_FALSE(read("under $40").amount);
  CHECK_FALSE(read("40 of them").amount);
}

TEST_CASE("Weights are read in grams") {
  struct row {
    const char* text;
    std::optional<std::int64_t> grams;
  };
  const row rows[] = {
    {"ship 2 kg", 2000},
    {"ship 2.5kg", 2500},
    {"500 g", 500},
    {"500g to zone 2", 500},
    {"3 lb", 1361},
    {"1 pound", 454},
    {"2 lb 3 oz", 992},
    {"8 ounces", 227},
    {"0.3 g", 1},
    {"2,5 kg", 2500},
    {"2 boxes", std::nullopt},
    {"kg", std::nullopt},
    {"0 kg", std::nullopt},
    {"$2 kg", std::nullopt},
    {"9999999999 kg", std::nullopt},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(read(r.text).weight_g == r.grams);
  }
}

TEST_CASE("Quantities are read where something is counted") {
  struct row {
    const char* text;
    std::optional<std::int64_t> count;
  };
  const row rows[] = {
    {"buy 200 kettles", 200},
    {"should I order 50 more", 50},
    {"should we order 1000 mugs", 1000},
    {"add two of them to my cart", 2},
    {"a dozen pairs", 12},
    {"3x mugs", 3},
    {"quantity 7", 7},
    {"60 units", 60},
    {"ship 1,000 units", 1000},
    {"parcels for 12 LMP-204?", 12},
    {"$64 for two LMP-204", 2},
    {"an offer for 3 Trail Backpack 40L", 3},
    {"zone 2 LMP-204", std::nullopt},
    {"in 3 days", std::nullopt},
    {"iphone 15", std::nullopt},
    {"the Trail Backpack 40L", std::nullopt},
    {"buy at $11", std::nullopt},
    {"order 10045", std::nullopt},
    {"buy 0 mugs", std::nullopt},
    {"buy 2.5 mugs", std::nullopt},
    {"send 2 kg", std::nullopt},
    {"zone 4", std::nullopt},
    {"buy 99999999 mugs", std::nullopt},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(read(r.text).quantity == r.count);
  }
}

TEST_CASE("Orders and zones are read by their names") {
  struct row {
    const char* text;
    const char* order;
    const char* zone;
  };
  const row rows[] = {
    {"refund order 10045", "10045", ""},
    {"refund order #10045!", "10045", ""},
    {"status of order A-2231?", "A-2231", ""},
    {"order number 7", "7", ""},
    {"where is #10045", "10045", ""},
    {"tracking number for A-2231", "A-2231", ""},
    {"a refund for A-2231 please", "A-2231", ""},
    {"where is EBY-100001?", "EBY-100001", ""},
    {"a refund of 150", "", ""},
    {"LMP-20400 in stock", "LMP-20400", ""},
    {"see A-1 and COVID-19", "", ""},
    {"order 50 mugs", "", ""},
    {"should we order 1000 mugs", "", ""},
    {"order", "", ""},
    {"in order to win", "", ""},
    {"2 kg to zone 4", "", "4"},
    {"zone: EU", "", "EU"},
    {"zone is 3b,", "", "3b"},
    {"which zone applies", "", ""},
    {"zone", "", ""},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto got = read(r.text);
    CHECK(got.order_id == r.order);
    CHECK(got.zone == r.zone);
  }
}

TEST_CASE("A SKU is read from the catalogue, or where the message calls it one") {
  CHECK(read("price of lmp-204?").sku == "LMP-204");
  CHECK(read("stock of sku XX-99").sku == "XX-99");
  CHECK(read("what is a sku").sku.empty());
}

TEST_CASE("Category and brand are as the catalogue spells them") {
  const auto got = read("a headphone like the aeropress");
  CHECK(got.category == "Headphones");
  CHECK(got.brand == "AeroPress");
}

TEST_CASE("The subject is what is left without inquiry, price and filler words") {
  struct row {
    const char* text;
    const char* subject;
  };
  const row rows[] = {
    {"show me wireless headphones under $100", "wireless headphones"},
    {"do you have headphones?", "Headphones"},
    {"HEADPHONE please", "Headphones"},
    {"I'm looking for a red toaster between 20 and 40 dollars", "red toaster"},
    {"ship 2 kg of the Trail Backpack 40L to zone 3", "ship trail backpack 40l"},
    {"what is the price of LMP-204", ""},
    {"show me something", ""},
    {"?", ""},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(read(r.text).subject == r.subject);
  }
}

TEST_CASE("An inquiry phrase or a word of the catalogue makes a product inquiry") {
  for (const char* text :
       {"do you have toasters", "Show me!", "anything under $30", "recommend a gift", "kettles",
        "aeropress", "wireless", "trail backpack 40l", "price of tea"}) {
    INFO(text);
    CHECK(read(text).product_inquiry);
  }
  for (const char* text : {"hello", "thanks", "what are your opening hours", "", "showme"}) {
    INFO(text);
    CHECK_FALSE(read(text).product_inquiry);
  }
}

TEST_CASE("A shop's own inquiry phrases count, however they are written") {
  auto rules = default_shop_rules();
  rules.inquiry_phrases = {"Haben Sie", "", "???"};
  CHECK(read_message("haben sie Toaster?", catalogue(), rules, {}).product_inquiry);
  CHECK(read_message("haben sie Toaster?", catalogue(), rules, {}).subject == "toaster");
  CHECK_FALSE(read_message("show me", catalogue(), rules, {}).product_inquiry);
}

TEST_CASE("A pronoun means the product shown before, an ordinal the one of that place") {
  const earlier_talk earlier{"A-1", {"A-1", "B-2", "C-3"}};
  struct row {
    const char* text;
    const char* sku;
  };
  const row rows[] = {
    {"is it dishwasher safe", "A-1"},
    {"how do I clean it?", "A-1"},
    {"I'll take that one", "A-1"},
    {"what about this", "A-1"},
    {"the first one", "A-1"},
    {"tell me about the second please", "B-2"},
    {"the third item", "C-3"},
    {"put them in my cart", "A-1"},
    {"what is the best way to clean it", "A-1"},
    {"and its margin?", "A-1"},
    {"what is the margin of it?", "A-1"},
    {"what is the margin of the second one?", "B-2"},
    {"what about the parcel of the second one", "B-2"},
    {"what is its weight", "A-1"},
    {"it's for my sister", ""},
    {"is it possible to pay later", ""},
    {"how long does it take", ""},
    {"what does it cost to ship 2 kg", ""},
    {"show me kettles, is it hard to choose", ""},
    {"I broke the toaster, can you fix it", ""},
    {"first aid kit", ""},
    {"hello", ""},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto got = read(r.text, earlier);
    CHECK(got.sku == r.sku);
    CHECK_FALSE(got.unresolved_pronoun);
  }
}

TEST_CASE("Only what depends on the products shown before points back") {
  CHECK(read("is it waterproof").points_back);
  CHECK(read("is it waterproof", {"A-1"}).points_back);
  CHECK(read("the second one", {"A-1"}).points_back);
  CHECK_FALSE(read("is the aeropress good, and is it cheap", {"A-1"}).points_back);
  CHECK_FALSE(read("sku LMP-204, is it in stock", {"A-1"}).points_back);
  CHECK_FALSE(read("wireless headphones", {"A-1"}).points_back);
}

TEST_CASE("A pronoun with nothing earlier stays unresolved unless a product is named") {
  CHECK(read("is it waterproof").unresolved_pronoun);
  CHECK(read("the second one").unresolved_pronoun);
  CHECK(read("the third one", {"A-1"}).unresolved_pronoun);
  CHECK_FALSE(read("is the aeropress good, and is it cheap").unresolved_pronoun);
  CHECK_FALSE(read("is it an aeropress").unresolved_pronoun);
  CHECK_FALSE(read("order 10045 arrived, can I return it").unresolved_pronoun);
  CHECK_FALSE(read("hello").unresolved_pronoun);
}

TEST_CASE("An ordinal counts in the newest list, whatever was told since") {
  const earlier_talk earlier{"C-3", {"A-1", "B-2", "C-3"}};
  CHECK(read("tell me more about the second one", earlier).sku == "B-2");
  CHECK(read("what should I charge for the first one?", earlier).sku == "A-1");
  CHECK(read("is it waterproof", earlier).sku == "C-3");
  const auto none = read("and the fourth one?", earlier);
  CHECK(none.sku.empty());
  CHECK(none.unresolved_pronoun);
}

TEST_CASE("An \"it\" may be the order that was named last, and \"that order\" is it") {
  const earlier_talk last{"A-1", {}, "EBY-100001", true};
  const auto it = read("Can it be refunded?", last);
  CHECK(it.earlier_order == "EBY-100001");
  CHECK(it.sku == "A-1");
  CHECK(it.points_back);
  const earlier_talk before{"A-1", {}, "EBY-100001", false};
  CHECK(read("Can it be refunded?", before).earlier_order.empty());
  for (const auto* text : {"is that order shipped?", "I want to refund the order"}) {
    INFO(text);
    CHECK(read(text, before).earlier_order == "EBY-100001");
    CHECK(read(text).points_back);
    CHECK_FALSE(read(text).unresolved_pronoun);
  }
  CHECK(read("refund order 10045", last).earlier_order.empty());
  CHECK(read("the second one", {"A-1", {"A-1", "B-2"}, "EBY-100001", true}).earlier_order.empty());
}

TEST_CASE("A size that the catalogue knows is still a parcel's weight, and stays in the subject") {
  const auto parcel = read("ship 12 kg to zone 2");
  CHECK(parcel.weight_g == 12000);
  CHECK(read("do you have 12 kg dumbbells").subject == "12 kg dumbbells");
}

TEST_CASE("A SKU in the message wins over a pronoun") {
  CHECK(read("is it like LMP-204", {"A-1"}).sku == "LMP-204");
}

TEST_CASE("The message itself and its words are kept") {
  const auto got = read("Caf\u00E9?");
  CHECK(got.text == "Caf\u00E9?");
  CHECK(got.words == std::vector<std::string>{"cafe"});
}

TEST_CASE("Odd input is read without harm") {
  for (const std::string_view text :
       {"\xFF\xFE$", "$$$ --- ###", "between and between", "order order order", "zone zone",
        "under under 5 under", "sku sku", "it it it", "1 2 3 4 5 6 7 8 9", "$-$", "- - -"}) {
    INFO(text);
    CHECK(read(text, {"A-1"}).text == text);
  }
  const std::string huge(8000, '9');
  CHECK_FALSE(read("under $" + huge).max_price);
}

TEST_CASE("A number that measures something is no price") {
  for (const auto* text :
       {"a power bank with at least 10000 mAh", "a charger over 60 W", "backpacks over 30 l",
        "a cable of more than 2 m", "a drive with at least 2 TB", "a hub with more than 4 ports"}) {
    INFO(text);
    const auto found = read(text);
    CHECK_FALSE(found.min_price);
    CHECK_FALSE(found.max_price);
  }
}

TEST_CASE("A negation turns a price bound round") {
  for (const auto* text :
       {"I don't want to spend more than $40 on headphones", "wireless headphones not over $40",
        "nothing over $40", "I can't spend more than $40", "never over $40",
        "headphones, no more than $40", "I won't pay more than 40 dollars"}) {
    INFO(text);
    const auto found = read(text);
    CHECK(found.max_price == money{4000});
    CHECK_FALSE(found.min_price);
  }
  CHECK(read("nothing under $40 please").min_price == money{4000});
  CHECK(read("I don't mind paying more than $40").min_price == money{4000});
  CHECK(read("I do not like the black one, show me some over $40").min_price == money{4000});
  const auto spoken = read("I don't want headphones over $40");
  CHECK(spoken.category == "Headphones");
  CHECK(spoken.max_price == money{4000});
  CHECK_FALSE(read("can I get headphones within 2 business days?").max_price);
}

TEST_CASE("A SKU of digits alone is none where the number is an amount or a count") {
  vocabulary words;
  words.add(entity_kind::category, "Mugs");
  for (const auto* sku : {"100", "500", "2000", "H-1"})
    words.add_sku(sku);
  const auto rules = default_shop_rules();
  const auto read_it = [&](std::string_view text) { return read_message(text, words, rules, {}); };
  CHECK(read_it("show me mugs under $100").max_price == money{10000});
  CHECK(read_it("show me mugs under $100").sku.empty());
  CHECK(read_it("mugs under 100").max_price == money{10000});
  const auto between = read_it("mugs between $100 and $2000");
  CHECK(between.min_price == money{10000});
  CHECK(between.max_price == money{200000});
  CHECK(between.sku.empty());
  const auto counted = read_it("reorder 500 of H-1");
  CHECK(counted.sku == "H-1");
  CHECK(counted.quantity == 500);
  CHECK(read_it("what is the price of 500?").sku == "500");
  CHECK(read_it("reorder 100").sku == "100");
}

TEST_CASE("What is not wanted is read as such, and is no part of the subject") {
  vocabulary words;
  for (const char* name : {"Headphones", "Toys", "Speakers", "Wine", "Red Wine", "Bags"})
    words.add(entity_kind::category, name);
  words.add(entity_kind::brand, "Norvane");
  for (const char* name : {"black", "white", "plastic", "stainless steel"})
    words.add(entity_kind::attribute, name);
  const auto rules = default_shop_rules();
  struct row {
    const char* text;
    std::vector<std::string> excluded;
    const char* subject;
  };
  const row rows[] = {
    {"headphones that are not black", {"black"}, "Headphones"},
    {"headphones which aren't black", {"black"}, "Headphones"},
    {"no plastic toys", {"plastic"}, "Toys"},
    {"toys without plastic", {"plastic"}, "Toys"},
    {"toys without any plastic or stainless steel under $50",
     {"plastic", "stainless steel"},
     "Toys"},
    {"no black and no white headphones", {"black", "white"}, "Headphones"},
    {"no black and white headphones", {"black", "white"}, "Headphones"},
    {"headphones without plastic and speakers", {"plastic"}, "headphones speakers"},
    {"headphones NOT wireless", {"wireless"}, "Headphones"},
    {"headphones -wireless -noise-cancelling", {"wireless", "noise cancelling"}, "Headphones"},
    {"wireless headphones, not in black", {"black"}, "wireless headphones"},
    {"speakers not by Norvane", {"Norvane"}, "Speakers"},
    {"all wines except for the red wine", {"Red Wine"}, "Wine"},
    {"show me bags with no zipper", {"zipper"}, "Bags"},
    {"show me a jacket without a hood please", {"hood"}, "jacket"},
    {"I don't want plastic, show me toys", {"plastic"}, "Toys"},
    {"not headphones but speakers", {"Headphones"}, "Speakers"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto got = read_message(r.text, words, rules, {});
    CHECK(got.excluded == r.excluded);
    CHECK(got.subject == r.subject);
  }
  CHECK(read_message("speakers not by Norvane", words, rules, {}).brand.empty());
  CHECK(read_message("not headphones but speakers", words, rules, {}).category == "Speakers");
}

TEST_CASE("Not every no excludes something") {
  vocabulary words;
  words.add(entity_kind::category, "Headphones");
  words.add(entity_kind::brand, "Norvane");
  words.add(entity_kind::attribute, "black");
  words.add_sku("LMP-204");
  const auto rules = default_shop_rules();
  for (const auto* text : {"headphones for no more than $50",
                           "headphones, not more than 50 dollars",
                           "no, I mean headphones",
                           "no - headphones",
                           "do you not have headphones?",
                           "don't you have headphones?",
                           "is it not in stock",
                           "are the headphones not black?",
                           "why not headphones",
                           "headphones or not",
                           "is there no Norvane?",
                           "you have no headphones",
                           "my headphones are not working",
                           "headphones not working",
                           "not sure about headphones",
                           "no idea about headphones",
                           "I'm not looking for headphones",
                           "can I return it without fee",
                           "sku no LMP-204",
                           "noise-cancelling black-headphones",
                           "headphones - black",
                           "-headphones",
                           "why are headphones not selling",
                           "no",
                           "without",
                           "not",
                           "-"}) {
    INFO(text);
    CHECK(read_message(text, words, rules, {}).excluded.empty());
  }
}

TEST_CASE("Goods that are named plainly are known by the words of products' names") {
  vocabulary words;
  words.add(entity_kind::category, "Coffee & Tea");
  words.add(entity_kind::attribute, "Black");
  for (const char* title :
       {"Norvane Signature Turntable, Black", "Draftline Core Gel Pen Set, Black",
        "Wildmere Summit Rain Jacket, Forest", "Brightwire Plus Power Bank, Black",
        "Corevanta Start Kettlebell, Black", "Solene Repair Shampoo",
        "Ironquay Active Pull-Up Bar"})
    words.add_product(title);
  const auto rules = default_shop_rules();
  for (const auto* text :
       {"turntable", "Turntables?", "gel pens", "some gel pens, please", "coffee",
        "What's the cheapest turntable?", "which is the best rain jacket", "rain jacket size M",
        "power bank 20000 mAh", "12 kg kettlebell", "a kettlebell of 12 kg", "repair shampoo",
        "pull-up bar"}) {
    INFO(text);
    const auto got = read_message(text, words, rules, {});
    CHECK(got.names_goods);
    CHECK_FALSE(got.subject.empty());
  }
  for (const auto* text :
       {"hello", "can you repair my turntable?", "where is my turntable", "a question",
        "start over", "I set it up", "thanks", "the best", "cheapest", "12 kg", "order 10045", "",
        "do you have turntables", "turntable warranty", "is the bank open now"}) {
    INFO(text);
    CHECK_FALSE(read_message(text, words, rules, {}).names_goods);
  }
}

TEST_CASE("Of several products shown before each that is meant is named") {
  const earlier_talk shown{"A-1", {"A-1", "B-2", "C-3"}};
  const auto named = [&](std::string_view text) {
    std::vector<std::string> skus;
    for (const auto& hit : read(text, shown).entities)
      skus.push_back(hit.name);
    return skus;
  };
  using skus = std::vector<std::string>;
  CHECK(named("compare the first and second") == skus{"A-1", "B-2"});
  CHECK(named("compare the first and the second") == skus{"A-1", "B-2"});
  CHECK(named("is the third one better than it") == skus{});
  CHECK(named("third one vs the first one, please") == skus{"C-3", "A-1"});
  CHECK(named("the first, second and third ones") == skus{"A-1", "B-2", "C-3"});
  CHECK(named("the second and fourth") == skus{"B-2"});
  CHECK(named("the first and second floor").empty());
  const auto got = read("compare the first and second", shown);
  CHECK(got.points_back);
  CHECK(got.sku == "A-1");
  CHECK(got.subject.empty());
  CHECK(read("compare the first and second").unresolved_pronoun);
}
