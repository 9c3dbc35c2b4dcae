#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

std::vector<std::pair<entity_kind, std::string>> entities(const store_fixture& shop,
                                                          std::string_view text) {
  std::vector<std::pair<entity_kind, std::string>> out;
  for (const auto& found : shop.store->load_vocabulary().value()->find(words_of(text)))
    out.emplace_back(found.kind, found.name);
  return out;
}

using found = std::vector<std::pair<entity_kind, std::string>>;

} // namespace

TEST_CASE("The vocabulary knows categories, brands, attribute values, titles and SKUs") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,brand,category,subcategory,color,barcode\n"
                 "AUD-7,Studio Monitor,90,Norvane,Audio,Speakers,Midnight Blue,4006\n"
                 "AUD-8,Turntable,190,Tessura,Audio,Hi-Fi,Red,4007\n");
  CHECK(entities(shop, "any norvane speaker in midnight blue?")
        == found{{entity_kind::brand, "Norvane"},
                 {entity_kind::category, "Speakers"},
                 {entity_kind::attribute, "Midnight Blue"}});
  CHECK(entities(shop, "price of aud-8") == found{{entity_kind::sku, "AUD-8"}});
  CHECK(entities(shop, "the studio monitor") == found{{entity_kind::product, "studio monitor"}});
  CHECK(entities(shop, "4006").empty());
}

TEST_CASE("A text column that differs for every product is no vocabulary") {
  const store_fixture shop;
  std::string text = "sku,title,price,designer\n";
  for (int i = 0; i < 100; ++i)
    text += "S" + std::to_string(i) + ",Thing " + std::to_string(i) + ",1,Designer no"
            + std::to_string(i) + "x\n";
  shop.must_load(import_kind::products, text);
  CHECK(entities(shop, "designer no5x").empty());
}

TEST_CASE("The vocabulary carries the version it was read at") {
  const store_fixture shop;
  CHECK(shop.store->load_vocabulary().value()->empty());
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,1\n");
  CHECK(shop.store->load_vocabulary().value()->version == shop.store->catalogue_version());
}

TEST_CASE("Names that fold alike are one, spelled as the first by its bytes, and stand in order") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,brand,category,subcategory\n"
                                        "A,Lamp,1,norvane,zen garden,\n"
                                        "B,Desk,1,Norvane,Audio,\n"
                                        "C,Chair,1,,Zen-Garden,\n"
                                        "D,Shelf,1,NORVANE,audio,Hi-Fi\n"
                                        "E,Bench,1,,,\n");
  CHECK(entities(shop, "norvane") == found{{entity_kind::brand, "NORVANE"}});
  CHECK(shop.store->load_vocabulary().value()->categories()
        == std::vector<std::string>{"Audio", "Zen-Garden", "Hi-Fi"});
}

TEST_CASE("The vocabulary says whether some products are for adults") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,age_restricted\nA,Lamp,1,\n");
  CHECK_FALSE(shop.store->load_vocabulary().value()->for_adults);
  shop.must_load(import_kind::products, "sku,title,price,age_restricted\nB,Wine,1,yes\n");
  CHECK(shop.store->load_vocabulary().value()->for_adults);
}

TEST_CASE("The shop's own business is no vocabulary") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,supplier,color\n"
                                        "A,Lamp,1,Acme Imports,Midnight Blue\n");
  CHECK(entities(shop, "midnight blue from acme imports")
        == found{{entity_kind::attribute, "Midnight Blue"}});
}

TEST_CASE("An attribute that is a number in most products is known by the words of its name") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,screen_size,vintage,color,unit_cost\n"
                                        "A,One,1,6.5 inches,2020,red,5\n"
                                        "B,Two,2,6.1 inches,NV,blue,6\n"
                                        "C,Three,3,,2019,3M,7\n");
  const auto words = shop.store->load_vocabulary().value();
  CHECK(words->measure_of("screen") == "screen size");
  CHECK(words->measure_of("vintage") == "vintage");
  CHECK(words->measure_of("color").empty());
  CHECK(words->measure_of("unit").empty());
}
