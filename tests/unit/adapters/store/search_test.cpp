#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;
using skus = std::vector<std::string>;

TEST_CASE("Relevance: name, brand, category, then parts of them, then the text") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,brand,category,description\n"
                 "TEXT,Stove,1,Tarnpeak,Camping,Boils water beside the lantern\n"
                 "PCAT,Gas can,2,Tarnpeak,Lantern Fuel,\n"
                 "PBRAND,Tent,3,Lantern House,Camping,\n"
                 "PNAME,Camping Lantern,4,Tarnpeak,Lights,\n"
                 "CAT,Wick,5,Tarnpeak,Lantern,\n"
                 "BRAND,Mug,6,Lantern,Kitchen,\n"
                 "NAME,Lantern,7,Tarnpeak,Lights,\n"
                 "NONE,Rope,8,Tarnpeak,Camping,\n");
  const auto rows = shop.search("lantern");
  skus order;
  for (const auto& hit : rows.hits)
    order.push_back(hit.item.sku);
  CHECK(order == skus{"NAME", "BRAND", "CAT", "PNAME", "PBRAND", "PCAT", "TEXT"});
  CHECK(rows.total == 7);
  for (std::size_t i = 1; i < rows.hits.size(); ++i)
    CHECK(rows.hits[i - 1].relevance > rows.hits[i].relevance);
}

TEST_CASE(
  "Equal relevance goes by price, and the order is the same where exact matches fill the page") {
  const store_fixture shop;
  std::string text = "sku,title,price,category\n";
  for (int i = 0; i < 30; ++i)
    text += "W" + std::to_string(i) + ",Bottle " + std::to_string(i) + "," + std::to_string(90 - i)
            + ",Wine\n";
  shop.must_load(import_kind::products, text);
  product_search query;
  query.text = "wine";
  query.limit = 5;
  CHECK(shop.found(query) == skus{"W29", "W28", "W27", "W26", "W25"});
  CHECK(shop.search(query).total == 30);
  query.limit = 50;
  CHECK(shop.found(query).front() == "W29");
  CHECK(shop.found(query).size() == 30);
}

TEST_CASE("Case, accents, hyphens and apostrophes fold on both sides") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,brand\n"
                                        "A,Crème Brûlée Torch,1,KitchenAid\n"
                                        "B,T-Shirt,2,O'Neill\n"
                                        "C,Café Müller Röst,3,\n");
  for (const auto* text : {"creme brulee torch", "CRÈME BRÛLÉE TORCH", "Crème-Brûlée torch"}) {
    INFO(text);
    CHECK(shop.found(text) == skus{"A"});
  }
  CHECK(shop.found("t shirt") == skus{"B"});
  CHECK(shop.found("oneill") == skus{"B"});
  CHECK(shop.found("O\xE2\x80\x99Neill") == skus{"B"});
  CHECK(shop.found("cafe muller") == skus{"C"});
}

TEST_CASE("All words are wanted first, then a beginning, a part, and any word at last") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,category,description\n"
                                        "A,Wireless Headphones,50,Audio,\n"
                                        "B,Wired Headphones,20,Audio,\n"
                                        "C,Wireless Mouse,15,Office,\n");
  CHECK(shop.found("wireless headphones") == skus{"A"});
  CHECK(shop.found("headphone wireless") == skus{"A"});
  CHECK(shop.found("headph") == skus{"B", "A"});
  CHECK(shop.found("phones") == skus{"B", "A"});
  CHECK(shop.found("wireless trackball").size() == 2);
  CHECK(shop.found("trackball").empty());
  CHECK(shop.found("ph").empty());
}

TEST_CASE(
  "Of many products that hold any of the words alike, the cheapest are shown, page by page") {
  const store_fixture shop;
  std::string text = "sku,title,price,category\n";
  for (int i = 10; i < 40; ++i)
    text += "B" + std::to_string(i) + ",Bottle," + std::to_string(90 - i) + ",Wine\n";
  shop.must_load(import_kind::products, text + "C,Bottle with a cork,99,Wine\nD,Glass,1,Wine\n");
  product_search query;
  query.text = "bottle corkscrew cork";
  query.limit = 4;
  CHECK(shop.found(query) == skus{"C", "B39", "B38", "B37"});
  CHECK(shop.search(query).total == 31);
  query.offset = 4;
  CHECK(shop.found(query) == skus{"B36", "B35", "B34", "B33"});
  query.offset = 29;
  CHECK(shop.found(query) == skus{"B11", "B10"});
  // A filter that takes nothing away has another way to the same hits.
  query.min_price = money{};
  for (const std::uint32_t offset : {0U, 4U, 29U, 40U}) {
    query.offset = offset;
    auto unfiltered = query;
    unfiltered.min_price.reset();
    CHECK(shop.found(query) == shop.found(unfiltered));
    CHECK(shop.search(query).total == shop.search(unfiltered).total);
  }
}

TEST_CASE("Singular and plural meet") {
  const store_fixture shop;
  shop.must_load(
    import_kind::products,
    "sku,title,price,category\nA,Box of Pralines,9,Chocolates\nB,Chocolate Bar,2,Sweets\n");
  CHECK(shop.found("chocolate") == skus{"A", "B"});
  CHECK(shop.found("boxes") == skus{"A"});
}

TEST_CASE("Filters narrow a search") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,brand,category,subcategory,stock,weight_g,volume\n"
                 "A,Red Blend,12,Castellar,Wine,Red Wine,5,1300,750 ml\n"
                 "B,Red Reserve,30,Castellar,Wine,Red Wine,0,1300,1500 ml\n"
                 "C,Red Cup,5,Hearthwell,Kitchen,Mugs,,300,0.3 l\n"
                 "D,Red Blend Magnum,25,Rosenfels,Wine,Red Wine,2,2600,1500 ml\n");
  product_search query;
  query.text = "red";
  SECTION("by category, folded, or subcategory") {
    query.category = "WINE";
    CHECK(shop.found(query) == skus{"A", "D", "B"});
    query.category = "mugs";
    CHECK(shop.found(query) == skus{"C"});
  }
  SECTION("by brand") {
    query.brand = "castellar";
    CHECK(shop.found(query) == skus{"A", "B"});
  }
  SECTION("by one of several categories or brands") {
    query.text.clear();
    query.category = "mugs";
    query.other_categories = {"Red Wine"};
    CHECK(shop.search(query).total == 4);
    query.category.clear();
    query.other_categories.clear();
    query.brand = "Hearthwell";
    query.other_brands = {"ROSENFELS"};
    CHECK(shop.found(query) == skus{"C", "D"});
  }
  SECTION("by what a product must not have, a word of it or a phrase") {
    query.without = {"Blend", "nothing\" of it"};
    CHECK(shop.found(query) == skus{"C", "B"});
    query.without = {"cups", "red reserve"};
    CHECK(shop.found(query) == skus{"A", "D"});
    query.text.clear();
    query.without = {"Castellar", ""};
    CHECK(shop.found(query) == skus{"C", "D"});
    query.without = {" ?! "};
    CHECK(shop.search(query).total == 4);
  }
  SECTION("by price, both ends included") {
    query.min_price = money{500};
    query.max_price = money{1200};
    CHECK(shop.found(query) == skus{"C", "A"});
  }
  SECTION("by stock, where unknown counts as there") {
    query.in_stock_only = true;
    CHECK(shop.found(query) == skus{"C", "A", "D"});
  }
  SECTION("by attribute range") {
    query.attributes = {{"Volume", 700.0, 800.0}};
    CHECK(shop.found(query) == skus{"A"});
    query.attributes = {{"weight_g", 1000.0, std::nullopt}};
    CHECK(shop.search(query).total == 3);
  }
  SECTION("and what only a filter takes away is not replaced by worse matches") {
    query.text = "red blend";
    query.max_price = money{600};
    CHECK(shop.found(query).empty());
  }
  SECTION("of exact matches too") {
    query.text = "wine";
    query.limit = 1;
    query.min_price = money{2000};
    CHECK(shop.found(query) == skus{"D"});
    CHECK(shop.search(query).total == 2);
  }
}

TEST_CASE("A category that was only read out of the words gives way where nothing of it has them") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,category,subcategory\n"
                                        "TENT,Dome Tent,90,Outdoor,Camping\n"
                                        "LAMP,Camping Lantern,20,Outdoor,Lighting\n"
                                        "DEAR,Camping Stove,80,Outdoor,Camping\n"
                                        "BOOK,Book of the Camping Stove,5,Office,Paper\n");
  product_search query;
  query.text = "camping lantern";
  query.category = "Camping";
  CHECK(shop.found(query).empty());
  query.loose_category = true;
  CHECK(shop.found(query) == skus{"LAMP"});
  CHECK(shop.search(query).total == 1);
  query.text = "waterproof camping lantern";
  CHECK(shop.found(query).front() == "LAMP");
  CHECK_FALSE(shop.search(query).all_words);
  query.text = "waterproof camping tent";
  CHECK(shop.found(query) == skus{"TENT", "DEAR"});
  query.text = "camping lantern";
  // The price stays, and a category that has such a product stays with it.
  query.max_price = money{500};
  CHECK(shop.found(query).empty());
  query.text = "camping stove";
  CHECK(shop.found(query).empty());
  query.max_price.reset();
  CHECK(shop.found(query) == skus{"DEAR"});
}

TEST_CASE("An answer says whether its products have all the words") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,category,color\n"
                                        "A,Wired Headphones,50,Audio,Black\n"
                                        "B,Bluetooth Speaker,20,Audio,Black\n"
                                        "C,Yoga Mat,15,Fitness,Purple\n"
                                        "D,Grey Rug,15,Home,Grey\n");
  for (const auto* text : {"wired headphones", "black speakers", "rug", "headph", "phones", ""}) {
    INFO(text);
    CHECK(shop.search(text).all_words);
  }
  for (const auto* text : {"red headphones", "blue speakers", "grey yoga mat"}) {
    INFO(text);
    const auto rows = shop.search(text);
    CHECK_FALSE(rows.hits.empty());
    CHECK_FALSE(rows.all_words);
  }
}

TEST_CASE("Without a text the filters alone answer, cheapest first") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,category\nA,Lamp,30,Home\nB,Rug,10,Home\nC,Pen,1,Office\n");
  product_search query;
  query.category = "home";
  CHECK(shop.found(query) == skus{"B", "A"});
  query.text = " ?! ";
  CHECK(shop.found(query) == skus{"B", "A"});
  CHECK(shop.search(product_search{}).total == 3);
}

TEST_CASE("An answer has at most 50 rows and counts all") {
  const store_fixture shop;
  std::string text = "sku,title,price\n";
  for (int i = 0; i < 60; ++i)
    text += "S" + std::to_string(i) + ",Spoon,1\n";
  shop.must_load(import_kind::products, text);
  product_search query;
  query.limit = 1000;
  for (const auto* words : {"spoon", ""}) {
    query.text = words;
    const auto rows = shop.search(query);
    CHECK(rows.hits.size() == 50);
    CHECK(rows.total == 60);
  }
  query.limit = 0;
  CHECK(shop.search(query).hits.size() == 1);
}

TEST_CASE("A search text is never read as a query language") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,1\n");
  for (const auto* text : {"\"", "lamp\" OR \"x", "lamp*", "NEAR(lamp x)", "title_key:lamp",
                           "'; DROP TABLE products", "-lamp", "^lamp", "a AND", "(", "\xFF\xFE"}) {
    INFO(text);
    read_batch batch;
    product_search query;
    query.text = text;
    batch.queries.push_back(query);
    CHECK(shop.store->read(batch).has_value());
  }
  CHECK(shop.found("lamp AND OR NOT") == skus{"A"});
  CHECK(shop.found(std::string(5000, 'x')).empty());
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += "word" + std::to_string(i) + " ";
  CHECK(shop.found(many).empty());
}

TEST_CASE("A shopper never gets a cost, whatever is asked") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,cost,stock\nA,Lamp,10,9.50,3\n");
  shop.must_load(import_kind::orders,
                 "order_id,sku,quantity,unit_price,buyer,ordered_at\n7,A,1,10,Ann B.,-1d\n");
  product_search query;
  query.text = "lamp";
  CHECK(shop.ask<product_search_rows>(query).hits.at(0).item.cost == money{950});
  CHECK_FALSE(shop.ask<product_search_rows>(query, audience::shopper).hits.at(0).item.cost);
  CHECK_FALSE(
    shop.ask<product_dossier_row>(product_dossier{"A", ""}, audience::shopper).item->cost);
  const auto summary = shop.ask<shop_summary_row>(shop_summary_query{}, audience::shopper);
  CHECK(summary.stock_value_at_cost == money{});
  CHECK(summary.cost_of_sales_30_days == money{});
  CHECK(summary.revenue_with_cost_30_days == money{});
  for (const auto what :
       {attention::low_stock, attention::dead_stock, attention::undercut, attention::best_sellers,
        attention::thin_margin, attention::thinnest_margin})
    for (const auto& line :
         shop.ask<attention_rows>(attention_query{what, 10}, audience::shopper).lines)
      CHECK_FALSE(line.item->cost);
  for (const auto what : {attention::thin_margin, attention::thinnest_margin})
    CHECK(shop.ask<attention_rows>(attention_query{what, 10}, audience::shopper).lines.empty());
  CHECK(shop.ask<order_rows>(order_query{"", 5}, audience::shopper).lines.empty());
  const auto order = shop.ask<order_rows>(order_query{"7", 5}, audience::shopper);
  REQUIRE(order.lines.size() == 1);
  CHECK(order.lines[0].buyer.empty());
}

TEST_CASE("Singular and plural meet where no ending tells, whatever the page's size") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,category\n"
                                        "K1,Chef blade,3,Knives\n"
                                        "K2,Bread blade,1,Knives\n"
                                        "M1,Wireless clicker,5,Mice\n"
                                        "S1,Wall board,7,Shelves\n");
  for (const std::uint32_t limit : {1U, 2U, 3U, 20U}) {
    INFO(limit);
    product_search query;
    query.limit = limit;
    for (const auto* text : {"knife", "knives"}) {
      query.text = text;
      const auto rows = shop.search(query);
      CHECK(rows.total == 2);
      CHECK(rows.hits.size() == std::min(limit, 2U));
      CHECK(rows.hits.front().item.sku == "K2");
    }
    query.text = "mouse";
    CHECK(shop.found(query) == skus{"M1"});
    query.text = "wireless mouse";
    CHECK(shop.found(query) == skus{"M1"});
  }
  product_search second;
  second.text = "knife";
  second.limit = 1;
  second.offset = 1;
  CHECK(shop.found(second) == skus{"K1"});
  CHECK(shop.found("shelf board") == skus{"S1"});
}

TEST_CASE("What is called by a plural in -ies counts as much by either singular") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,description\n"
                                        "TEE,Plain tee,1,Goes with hoodies and batteries\n"
                                        "HOOD,Zip hoodie,9,\n"
                                        "BATT,Spare battery,8,\n");
  CHECK(shop.found("hoodies") == skus{"HOOD", "TEE"});
  CHECK(shop.found("batteries") == skus{"BATT", "TEE"});
}

TEST_CASE("A shopper neither gets nor finds what is the shop's own business") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,velocity_per_day,unit_cost,supplier,markup_pct,color\n"
                 "A,Lamp,10,3,12.34,Acme Imports,62,blue\n");
  product_search query;
  query.text = "lamp";
  const auto seen = shop.ask<product_search_rows>(query, audience::shopper).hits.at(0).item;
  CHECK(seen.attributes == std::vector<std::pair<std::string, std::string>>{{"color", "blue"}});
  CHECK_FALSE(seen.velocity_per_day);
  const auto known = shop.ask<product_search_rows>(query).hits.at(0).item;
  CHECK(known.attributes.size() == 4);
  CHECK(known.velocity_per_day == 3);
  CHECK(shop.found("blue") == skus{"A"});
  for (const auto* text : {"12.34", "Acme Imports", "acme", "62"}) {
    INFO(text);
    CHECK(shop.found(text).empty());
  }
  query.attributes.push_back({"markup_pct", 1.0, std::nullopt});
  CHECK(shop.ask<product_search_rows>(query, audience::shopper).hits.empty());
}

TEST_CASE("A closed gate leaves out what is for adults, and no page and no total counts it") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,category,subcategory,age_restricted\n"
                                        "A,Red wine,1,Drinks,Wine,true\n"
                                        "B,Wine glass,2,Kitchen,,\n"
                                        "C,Pipe for wine lovers,3,TOBACCO,,\n"
                                        "D,Wine cigars,4,Smoking,Tobacco,\n"
                                        "E,Wine rack,5,Kitchen,,\n");
  product_search query;
  query.text = "wine";
  CHECK(shop.search(query).total == 5);
  query.gate = {true, {"Tobacco", "Vape"}};
  CHECK(shop.search(query).total == 2);
  CHECK(shop.found(query) == skus{"B", "E"});
  query.limit = 1;
  query.offset = 1;
  CHECK(shop.found(query) == skus{"E"});
  query = product_search{};
  query.gate = {true, {"Tobacco"}};
  CHECK(shop.search(query).total == 2);
  query.category = "Tobacco";
  CHECK(shop.search(query).total == 0);
  query.gate.closed = false;
  CHECK(shop.search(query).total == 2);
}

TEST_CASE("The dearest come first where that is asked for, among equals in relevance") {
  const store_fixture shop;
  std::string text = "sku,title,price,category\n";
  for (int i = 0; i < 60; ++i)
    text += "W" + std::to_string(i) + ",Bottle " + std::to_string(i) + "," + std::to_string(1 + i)
            + ",Wine\n";
  shop.must_load(import_kind::products, text + "M,Mug for wine,99,Kitchen\n");
  product_search query;
  query.dearest_first = true;
  query.limit = 2;
  CHECK(shop.found(query) == skus{"M", "W59"});
  for (const auto* words : {"wine", "bottle"}) {
    INFO(words);
    query.text = words;
    CHECK(shop.found(query) == skus{"W59", "W58"});
  }
  query.text = "wine";
  query.category = "wine";
  CHECK(shop.found(query) == skus{"W59", "W58"});
}
