#include "agents/common/target.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

message_reading reading_of(std::string_view message) {
  fake_shop shop;
  shop.products = {make_dossier(make_product("AU-0012", "Blue Ridge Headphones", 4990)),
                   make_dossier(make_product("KI-0003", "Stone Mug", 1000))};
  return read_message(message, shop.words(), shop.rules, {});
}

} // namespace

TEST_CASE("a word that is built like a SKU is found") {
  struct row {
    const char* message;
    const char* expected;
  };
  const auto c = GENERATE(
    row{"what about zz-9999?", "ZZ-9999"}, row{"(LS-0042)", "LS-0042"}, row{"AB123 now", "AB123"},
    row{"within 30 days", ""}, row{"a 30-day plan", ""}, row{"COVID-19", ""}, row{"12345", ""},
    row{"order ORD-1001", ""}, row{"ABCDEFGHI-123", ""}, row{"", ""}, row{"Äpfel-123", ""});
  INFO(c.message);
  message_reading reading;
  reading.text = c.message;
  CHECK(sku_like_word(reading) == c.expected);
}

TEST_CASE("the message's own order id is no SKU") {
  message_reading reading;
  reading.text = "refund ab-12345";
  reading.order_id = "AB-12345";
  CHECK(sku_like_word(reading).empty());
}

TEST_CASE("the target is the SKU, the catalogue's name, an unknown SKU, or a guess") {
  auto target = target_of(reading_of("price of AU-0012"));
  CHECK(target.named);
  CHECK(target.sku == "AU-0012");
  target = target_of(reading_of("charge for Blue Ridge Headphones"));
  CHECK(target.named);
  CHECK(dossier_query(target).has_value());
  target = target_of(reading_of("price of ZZ-9999"));
  CHECK(target.named);
  CHECK(target.sku == "ZZ-9999");
  target = target_of(reading_of("what should we charge for the ridge ones"));
  CHECK_FALSE(target.named);
  CHECK(target.text.find("ridge") != std::string::npos);
  target = target_of(reading_of("what should I do today?"));
  CHECK_FALSE(target.named);
  CHECK_FALSE(dossier_query(target));
}

TEST_CASE("several products are named in the order of mention, up to a limit") {
  const auto reading = reading_of("compare KI-0003 and Blue Ridge Headphones");
  const auto named = named_products(reading, 4);
  REQUIRE(named.size() == 2);
  CHECK(named[0].sku == "KI-0003");
  CHECK(named[1].text == "blue ridge headphones");
  CHECK(named_products(reading, 1).size() == 1);
  CHECK(named_products(reading, 0).empty());
  CHECK(named_products(reading_of("hello"), 4).empty());
}

TEST_CASE("a product is meant by half of its title's words, at least two") {
  const auto long_title = make_product("A-1", "Norvane Aero Wireless Headphones Black", 1);
  CHECK(means(reading_of("the norvane aero headphones"), long_title));
  CHECK_FALSE(means(reading_of("the norvane speakers"), long_title));
  CHECK(means(reading_of("any lamp?"), make_product("A-2", "Lamp", 1)));
  CHECK(means(reading_of("any lamps?"), make_product("A-3", "Desk Lamp, Black", 1)));
  CHECK_FALSE(means(reading_of("any desk?"), make_product("A-3", "Desk Lamp, Black", 1)));
  const auto rope = make_product("A-5", "Stridewell Active Jump Rope, Teal", 1);
  CHECK(means(reading_of("how is the stock of our jump ropes?"), rope));
  CHECK_FALSE(means(reading_of("how is the stock of blue jump ropes?"), rope));
  CHECK_FALSE(means(reading_of("good morning"), rope));
  CHECK_FALSE(means(reading_of("any lamp?"), make_product("A-4", "", 1)));
}
