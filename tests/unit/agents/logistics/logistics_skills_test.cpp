#include "agents/logistics/logistics_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

fake_shop shipping_shop() {
  fake_shop shop;
  auto item = make_product("KI-0003", "Stone Mug", 1000);
  item.weight_g = 400;
  shop.products = {make_dossier(item)};
  shop.rates.rates = {{"Post", "Eco", "local", 500, money{300}, 4},
                      {"Post", "Eco", "local", 2000, money{500}, 4},
                      {"Swift", "Air", "local", 2000, money{900}, 1},
                      {"Swift", "Air", "far", 2000, money{2000}, 3}};
  shop.rates.zones = {"local", "far"};
  return shop;
}

skill_output asks_logistics(const fake_shop& shop, std::string_view skill,
                            std::string_view message) {
  const auto all = logistics::skills();
  return shop.tell(find(all, skill), message);
}

} // namespace

TEST_CASE("carrier options tell the cheapest, the fastest and others for a product's weight") {
  const auto out = asks_logistics(shipping_shop(), "carrier_options", "Ship KI-0003 to local");
  CHECK(out.facts[0]
        == "The cheapest way for 1 unit of Stone Mug (SKU KI-0003), 400 g in all, is Post Eco to "
           "zone local for $3.00 in 4 days.");
  CHECK(out.facts[1] == "The fastest is Swift Air to zone local for $9.00 in 1 day.");
}

TEST_CASE("quantity, a named weight and a promise are honoured") {
  CHECK_THAT(
    joined(asks_logistics(shipping_shop(), "carrier_options", "Ship 3 units of KI-0003 to local")),
    ContainsSubstring("1.2 kg") && ContainsSubstring("$5.00"));
  CHECK_THAT(joined(asks_logistics(shipping_shop(), "carrier_options",
                                   "Ship 450 g to zone local within 2 days")),
             ContainsSubstring("Swift Air") && ContainsSubstring("within the promise of 2 days")
               && !ContainsSubstring("Post"));
  CHECK_THAT(
    joined(asks_logistics(shipping_shop(), "carrier_options", "Ship 450 g to far within 2 days")),
    ContainsSubstring("No rate carries 450 g to zone far within 2 days"));
}

TEST_CASE("without a zone all zones are searched and it is said how to narrow") {
  CHECK_THAT(joined(asks_logistics(shipping_shop(), "carrier_options", "Ship KI-0003")),
             ContainsSubstring("Name one of the zones local and far"));
}

TEST_CASE("what is missing for shipping is named") {
  auto shop = shipping_shop();
  CHECK_THAT(joined(asks_logistics(shop, "carrier_options", "What does shipping cost?")),
             ContainsSubstring("Name a product or a weight"));
  CHECK_THAT(joined(asks_logistics(shop, "carrier_options", "Ship KI-0003 to zone Q7")),
             ContainsSubstring("has no zone Q7") && ContainsSubstring("local and far"));
  CHECK_THAT(joined(asks_logistics(shop, "carrier_options", "Ship ZZ-9999")),
             ContainsSubstring("no product with the SKU ZZ-9999"));
  CHECK_THAT(joined(asks_logistics(shop, "carrier_options", "tracking of my parcel")),
             ContainsSubstring("no tracking numbers"));
  shop.products[0].item->weight_g.reset();
  for (const auto* skill : {"carrier_options", "parcel_split"})
    CHECK_THAT(joined(asks_logistics(shop, skill, "Ship KI-0003")),
               ContainsSubstring("weight of Stone Mug (SKU KI-0003) is not recorded"));
  shop.rates = {};
  for (const auto* skill : {"carrier_options", "parcel_split"})
    CHECK_THAT(joined(asks_logistics(shop, skill, "Ship KI-0003")),
               ContainsSubstring("no shipping rates"));
}

TEST_CASE("a split tells parcels, units each and the total") {
  CHECK(
    asks_logistics(shipping_shop(), "parcel_split", "Split 12 units of KI-0003 to local").facts[0]
    == "For 12 units of Stone Mug (SKU KI-0003), 4.8 kg in all, the cheapest way is 3 parcels "
       "of up to 5 units each, with Post Eco to "
       "zone local, $15.00 in all.");
  CHECK_THAT(
    joined(asks_logistics(shipping_shop(), "parcel_split", "Split 2 units of KI-0003 to local")),
    ContainsSubstring("One parcel is enough for 800 g"));
  CHECK_THAT(joined(asks_logistics(shipping_shop(), "parcel_split", "Split 3 kg to local")),
             ContainsSubstring("heavier than any rate carries"));
  CHECK_THAT(joined(asks_logistics(shipping_shop(), "parcel_split", "How do I split a load?")),
             ContainsSubstring("Name a product and a quantity"));
}

TEST_CASE("a table too large to be read whole is said to be so") {
  auto shop = shipping_shop();
  shop.rates.cut = true;
  for (const auto* skill : {"carrier_options", "parcel_split"}) {
    const auto out = asks_logistics(shop, skill, "Ship 30 kg");
    CHECK_THAT(joined(out),
               ContainsSubstring("only its cheapest 4 rates were compared; name a zone"));
    CHECK(out.missing.back() == "dearer rates");
  }
}
