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
                                                            {"Barcode", "4006381333931"}});
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
  CHECK(box.attributes.empty());
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
        == named_values{{"Color", "Sand"}, {"Size", "M"}, {"Compare At Price", "55"}});
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

TEST_CASE("What a Shopify shop does not sell is passed over, its variants with it") {
  const store_fixture shop;
  const auto report = import_text(*shop.store,
                                  "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,"
                                  "Variant Price,Image Src,Status\n"
                                  "hat,Hat,true,Size,S,H-1,20,,draft\nhat,,,,M,H-2,,,\n"
                                  "hat,,,,,,,https://x/2.jpg,\n"
                                  "cap,Cap,true,Title,Default Title,C-1,20,,Archived\n"
                                  "tie,Tie,FALSE,Title,Default Title,T-1,20,,active\n"
                                  "bag,Bag,true,Title,Default Title,B-1,20,,unlisted\n"
                                  "mug,Mug,true,Title,Default Title,M-1,20,,active\n"
                                  "old,Old,,Title,Default Title,O-1,20,,\n",
                                  shopify_options())
                        .value();
  INFO(to_text(report));
  CHECK(report.committed);
  CHECK(report.inserted == 2);
  CHECK(report.skipped == 1);
  CHECK(report.not_for_sale == 5);
  CHECK(report.removed == 0);
  CHECK(to_text(report).find("5 not for sale") != std::string::npos);
  CHECK(shop.store->counts().value().products == 2);
  CHECK(shop.found("hat").empty());
}

TEST_CASE("A stored product that is no longer for sale leaves the catalogue, its orders stay") {
  const store_fixture shop;
  const auto mugs = [&](std::string_view status, std::string_view copy = "") {
    return import_text(*shop.store,
                       "Handle,Title,Variant SKU,Variant Price,Cost per item,Weight class,Status\n"
                       "mug,Stoneware Mug,M-1,20,8,3 kg,"
                         + std::string{status} + "\njug,Jug,J-1,30,9,,active\n" + std::string{copy},
                       shopify_options())
      .value();
  };
  CHECK(mugs("active").inserted == 2);
  shop.must_load(import_kind::orders,
                 "order_id,sku,quantity,unit_price,ordered_at\n1,M-1,2,20,-3d\n1,J-1,1,30,-3d\n");
  shop.must_load(import_kind::prices, "sku,competitor,price\nM-1,X,19\n");
  const auto counts = shop.store->counts().value();
  const auto summary = shop.ask<shop_summary_row>(shop_summary_query{});
  // A draft that has a SKU of a product on sale takes nothing away, wherever it stands.
  CHECK(mugs("active", "copy,Copy,m-1,20,8,,draft\n").unchanged == 2);
  CHECK(shop.dossier("M-1").item);

  const auto version = shop.store->catalogue_version();
  const auto report = mugs("archived");
  CHECK(report.not_for_sale == 1);
  CHECK(report.removed == 1);
  CHECK(report.catalogue_version > version);
  CHECK(to_text(report).find("1 not for sale, 1 removed") != std::string::npos);
  CHECK_FALSE(shop.dossier("M-1").item);
  CHECK(shop.found("stoneware").empty());
  CHECK(shop.store->counts().value().products == counts.products - 1);
  CHECK(shop.store->counts().value().orders == counts.orders);
  CHECK(shop.store->counts().value().rival_prices == counts.rival_prices);
  const auto after = shop.ask<shop_summary_row>(shop_summary_query{});
  CHECK(after.revenue_30_days == summary.revenue_30_days);
  CHECK(after.orders_30_days == summary.orders_30_days);
  const auto again = mugs("archived");
  CHECK(again.removed == 0);
  CHECK(again.catalogue_version == report.catalogue_version);
  // Back on sale, it is found by its words and numbers.
  CHECK(mugs("active").inserted == 1);
  product_search heavy;
  heavy.text = "stoneware";
  heavy.attributes = {{"weight class", 2.0, std::nullopt}};
  CHECK(shop.found(heavy) == std::vector<std::string>{"M-1"});
}

TEST_CASE("A status that was kept as an attribute goes") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,Status\nM-1,Mug,20,active\n");
  (void)import_text(*shop.store,
                    "Handle,Title,Variant SKU,Variant Price,Status\nmug,Mug,M-1,20,active\n",
                    shopify_options())
    .value();
  CHECK(shop.dossier("M-1").item->attributes.empty());
}
