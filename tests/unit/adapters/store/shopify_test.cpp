#include "adapters/store/shopify.hpp"

#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

/// As the shop system writes it: variants and images below the row that opens the handle.
constexpr std::string_view shopify_export =
  "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,"
  "Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant "
  "Inventory Qty,"
  "Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,"
  "Image Position,Gift Card,Cost per item,Status\r\n"
  "linen-shirt,Linen Shirt,\"<p>Cool &amp; light.</p><ul><li>Washable</li></ul>\",Fernwick,"
  "Apparel & Accessories > Clothing > Shirts,Shirts,\"summer, linen\",true,Color,Sand,Size,M,"
  "LS-1,180,shopify,12,deny,49.00,59.00,'4006381333931,https://x/1.jpg,1,false,21.50,active\r\n"
  "linen-shirt,,,,,,,,,Sand,,L,'0042,180,shopify,3,deny,49.00,,,https://x/2.jpg,2,,21.50,\r\n"
  "linen-shirt,,,,,,,,,Navy Blue,,M,,180,shopify,0,deny,52.00,,,,,,,\r\n"
  "linen-shirt,,,,,,,,,,,,,,,,,,,,https://x/3.jpg,3,,,\r\n"
  "gift-box,Gift Box,,Fernwick,Home & Garden > Gift Wrap,,,true,Title,Default "
  "Title,,,,95,shopify,40,"
  "deny,5.00,,,,,false,,active\r\n";

using named_values = std::vector<std::pair<std::string, std::string>>;

import_options shopify_options() {
  auto options = store_fixture::options_for(import_kind::products);
  options.map = load_mapping("shopify", import_kind::products).value();
  return options;
}

} // namespace

TEST_CASE("A Shopify export is read as it is") {
  const store_fixture shop;
  const auto report = import_text(*shop.store, shopify_export, shopify_options()).value();
  INFO(to_text(report));
  CHECK(report.rows == 5);
  CHECK(report.inserted == 4);
  CHECK(report.skipped == 1);
  CHECK(report.committed);

  const auto shirt = shop.dossier("LS-1").item.value();
  CHECK(shirt.title == "Linen Shirt");
  CHECK(shirt.description == "Cool & light. Washable");
  CHECK(shirt.brand == "Fernwick");
  CHECK(shirt.category == "Shirts");
  CHECK(shirt.tags == std::vector<std::string>{"summer", "linen"});
  CHECK(shirt.price == money{4900});
  CHECK(shirt.cost == money{2150});
  CHECK(shirt.stock == 12);
  CHECK(shirt.weight_g == 180);
  CHECK(shirt.attributes
        == std::vector<std::pair<std::string, std::string>>{{"Color", "Sand"},
                                                            {"Size", "M"},
                                                            {"Compare At Price", "59.00"},
                                                            {"Barcode", "4006381333931"},
                                                            {"Status", "active"}});
}

TEST_CASE("A variant inherits from its handle, and a blank SKU becomes handle plus option") {
  const store_fixture shop;
  (void)import_text(*shop.store, shopify_export, shopify_options()).value();
  const auto large = shop.dossier("0042").item.value();
  CHECK(large.title == "Linen Shirt");
  CHECK(large.brand == "Fernwick");
  CHECK(large.attributes.front().second == "Sand");
  const auto navy = shop.dossier("linen-shirt-navy-blue-m").item.value();
  CHECK(navy.price == money{5200});
  CHECK_FALSE(navy.cost);
  const auto box = shop.dossier("gift-box").item.value();
  CHECK(box.category == "Gift Wrap");
  CHECK(box.attributes == named_values{{"Status", "active"}});
}

TEST_CASE("A Shopify export read twice changes nothing") {
  const store_fixture shop;
  (void)import_text(*shop.store, shopify_export, shopify_options()).value();
  const auto version = shop.store->catalogue_version();
  const auto again = import_text(*shop.store, shopify_export, shopify_options()).value();
  CHECK(again.unchanged == 4);
  CHECK(again.inserted + again.updated == 0);
  CHECK(shop.store->catalogue_version() == version);
}

TEST_CASE("Wrong rows of a Shopify export are named by their line") {
  const store_fixture shop;
  const auto report =
    import_text(
      *shop.store,
      "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n"
      "mug,Mug,Color,Red,M-1,9.00,1\n"
      "mug,,,Blue,M-2,free,1\n"
      "mug,,,Green,M-3,9.00,-2\n"
      "mug,,,Grey,M-1,9.00,1\n"
      ",,,,,9.00,1\n",
      shopify_options())
      .value();
  CHECK_FALSE(report.committed);
  REQUIRE(report.rejections.size() == 4);
  CHECK(report.rejections[0].line == 3);
  CHECK(report.rejections[1] == rejected_row{4, "stock '-2' is negative"});
  CHECK(report.rejections[2] == rejected_row{5, "sku 'M-1' is in the file twice, first in line 2"});
  CHECK(report.rejections[3] == rejected_row{6, "no sku"});
}

TEST_CASE("A file that is no Shopify export is refused, naming what it lacks") {
  const store_fixture shop;
  const auto refused = import_text(*shop.store, "sku,title,price\nA,B,1\n", shopify_options());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::invalid_request);
  CHECK(refused.error().detail("field") == "Handle");
}

TEST_CASE("Columns that a Shopify export lacks keep what is stored, and empty cells clear it") {
  const store_fixture shop;
  (void)import_text(*shop.store, shopify_export, shopify_options()).value();
  const auto before = shop.dossier("LS-1").item.value();
  const auto fewer = import_text(*shop.store,
                                 "Handle,Title,Variant SKU,Variant Price\n"
                                 "linen-shirt,Linen Shirt,LS-1,49.00\nlinen-shirt,,0042,49.00\n",
                                 shopify_options())
                       .value();
  CHECK(fewer.unchanged == 2);
  CHECK(shop.dossier("LS-1").item.value() == before);
  (void)import_text(*shop.store,
                    "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,"
                    "Variant SKU,Variant Price,Variant Barcode,Variant Compare At Price\n"
                    "linen-shirt,Linen Shirt,,,,,Color,Sand,LS-1,49.00,,55\n",
                    shopify_options())
    .value();
  const auto after = shop.dossier("LS-1").item.value();
  CHECK(after.description.empty());
  CHECK(after.brand.empty());
  CHECK(after.category.empty());
  CHECK(after.tags.empty());
  CHECK(after.attributes
        == named_values{
          {"Color", "Sand"}, {"Size", "M"}, {"Compare At Price", "55"}, {"Status", "active"}});
}

TEST_CASE("A product's further columns are its variants', and a variant's are its own") {
  const store_fixture shop;
  const auto report = import_text(*shop.store,
                                  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,"
                                  "Variant Price,Variant Barcode,Fabric (product.metafields.f)\n"
                                  "mug,Mug,Color,Red,M-1,9,123,linen\nmug,,,Blue,M-2,9,,\n"
                                  "jug,Jug,color,Red,J-1,9,,\n",
                                  shopify_options())
                        .value();
  CHECK(report.committed);
  CHECK(shop.dossier("M-1").item->attributes
        == named_values{
          {"Color", "Red"}, {"Barcode", "123"}, {"Fabric (product.metafields.f)", "linen"}});
  CHECK(shop.dossier("M-2").item->attributes
        == named_values{{"Color", "Blue"}, {"Fabric (product.metafields.f)", "linen"}});
  CHECK(shop.dossier("J-1").item->attributes == named_values{{"color", "Red"}});
}
