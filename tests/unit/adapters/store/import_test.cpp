#include "adapters/store/import.hpp"

#include <catch2/catch_test_macros.hpp>

#include "adapters/store/sqlite.hpp"
#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

constexpr std::string_view three_products = "sku,title,price,color,stock\n"
                                            "A,Lamp,10.00,red,1\n"
                                            "B,Desk,20.00,,2\n"
                                            "C,Chair,30.00,blue,\n";

std::string numbered_products(int from, int count) {
  std::string text = "sku,title,price,width\n";
  for (int i = from; i < from + count; ++i) {
    const auto number = std::to_string(i);
    text += "P" + number + ",Shelf number " + number + ",10.00," + number + " cm\n";
  }
  return text;
}

/// Into how many pieces the words' index is split.
std::int64_t index_pieces(const store_fixture& shop) {
  sql::connection db{shop.folder.path() / "data" / "catalogue.db", {}};
  sql::query q{db, "SELECT count(DISTINCT segid) FROM product_words_idx"};
  q.step();
  return q.integer(0);
}

std::uint64_t matches(const store_fixture& shop, std::string text) {
  product_search query;
  query.text = std::move(text);
  return shop.ask<product_search_rows>(query).total;
}

} // namespace

TEST_CASE("Products come in, are found, and raise the catalogue's version") {
  const store_fixture shop;
  const auto before = shop.store->catalogue_version();
  const auto report = shop.must_load(import_kind::products, three_products);
  CHECK(report.rows == 3);
  CHECK(report.inserted == 3);
  CHECK(report.catalogue_version == shop.store->catalogue_version());
  CHECK(shop.store->catalogue_version() > before);
  const auto lamp = shop.dossier("A").item.value();
  CHECK(lamp.title == "Lamp");
  CHECK(lamp.price == money{1000});
  CHECK(lamp.stock == 1);
  CHECK(lamp.attributes == std::vector<std::pair<std::string, std::string>>{{"color", "red"}});
  CHECK_FALSE(shop.dossier("C").item->stock);
}

TEST_CASE("Importing a file twice changes nothing, whatever it holds") {
  const store_fixture shop;
  const std::vector<std::pair<import_kind, std::string_view>> files{
    {import_kind::products, three_products},
    {import_kind::prices, "sku,competitor,price,seen_at\nA,X,9.00,-3d\nA,X,8.50,-1d\nB,Y,5,\n"},
    {import_kind::orders, "order_id,sku,quantity,unit_price,ordered_at\n1,A,1,10,-2h\n1,B,2,20,\n"},
    {import_kind::rates, "carrier,service,zone,max_weight_g,price,days\nP,S,local,500,4,2\n"},
  };
  for (const auto& [kind, text] : files)
    shop.must_load(kind, text);
  const auto version = shop.store->catalogue_version();
  const auto counts = shop.store->counts().value();
  for (const auto& [kind, text] : files) {
    INFO(to_string(kind));
    // Two days later: relative times must not move.
    auto options = store_fixture::options_for(kind);
    options.now += std::chrono::hours{48};
    const auto again = import_text(*shop.store, text, options).value();
    CHECK(again.unchanged == again.rows);
    CHECK(again.committed);
    CHECK(again.catalogue_version == version);
  }
  CHECK(shop.store->catalogue_version() == version);
  CHECK(shop.store->counts().value() == counts);
}

TEST_CASE("A second file updates what it names and leaves the rest") {
  const store_fixture shop;
  shop.must_load(import_kind::products, three_products);
  const auto report =
    shop.must_load(import_kind::products, "price,sku,title\n12.00,a,Reading Lamp\n"
                                          "20.00,B,Desk\n7.00,D,Stool\n");
  CHECK(report.updated == 1);
  CHECK(report.unchanged == 1);
  CHECK(report.inserted == 1);
  const auto lamp = shop.dossier("A").item.value();
  CHECK(lamp.price == money{1200});
  CHECK(lamp.stock == 1);
  CHECK(shop.found("reading lamp") == std::vector<std::string>{"A"});
  CHECK(shop.store->counts().value().products == 4);
}

TEST_CASE("A product that changes its words is found by the new ones only") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,brand,wattage\nA,Lantern,10,Tarnpeak,40 W\n");
  shop.must_load(import_kind::products,
                 "sku,title,price,brand,wattage\nA,Headlamp,10,Ridgefall,60 W\n");
  CHECK(shop.found("lantern").empty());
  CHECK(shop.found("tarnpeak").empty());
  CHECK(shop.found("ridgefall headlamp") == std::vector<std::string>{"A"});
  product_search bright;
  bright.attributes = {{"wattage", 50.0, std::nullopt}};
  CHECK(shop.found(bright) == std::vector<std::string>{"A"});
}

TEST_CASE("The index of words is in one piece after an import of many products, and finds all") {
  const store_fixture shop;
  shop.must_load(import_kind::products, numbered_products(1, 100));
  CHECK(index_pieces(shop) == 1);
  CHECK(matches(shop, "shelf") == 100);
  CHECK(matches(shop, "shelf number 77") == 1);
  // One product more is no reason to write all of it anew.
  shop.must_load(import_kind::products, numbered_products(101, 1));
  CHECK(index_pieces(shop) == 2);
  CHECK(matches(shop, "shelf") == 101);
  // Words that went are gone with the pieces that held them.
  auto renamed = numbered_products(1, 101);
  for (auto at = renamed.find("Shelf"); at != std::string::npos; at = renamed.find("Shelf", at))
    renamed.replace(at, 5, "Board");
  shop.must_load(import_kind::products, renamed);
  CHECK(index_pieces(shop) == 1);
  CHECK(matches(shop, "shelf") == 0);
  CHECK(matches(shop, "board") == 101);
}

TEST_CASE("One wrong row and nothing is changed, and every wrong row is named") {
  const store_fixture shop;
  const auto report = shop
                        .load(import_kind::products, "sku,title,price,stock\n"
                                                     "A,Lamp,10,1\n"
                                                     ",Desk,20,1\n"
                                                     "B,Chair,cheap,1\n"
                                                     "C,Stool,1,-4\n"
                                                     "a,Lamp again,10,1\n"
                                                     "D,\"Bro\xFFken\",1,1\n"
                                                     "E,Shelf,1\n"
                                                     "F,\"Open,1,1\n")
                        .value();
  CHECK_FALSE(report.committed);
  CHECK(report.rows == 8);
  CHECK(report.rejected == 7);
  const std::vector<rejected_row> wanted{
    {3, "no sku"},
    {4, "price 'cheap' is no amount of money in range"},
    {5, "stock '-4' is negative"},
    {6, "sku 'a' is in the file twice, first in line 2"},
    {7, "the text is not UTF-8"},
    {8, "it has 3 fields, the header has 4"},
    {9, "a quote is opened and never closed"},
  };
  CHECK(report.rejections == wanted);
  CHECK(shop.store->counts().value().products == 0);
  CHECK(shop.store->catalogue_version() == report.catalogue_version);
  CHECK(to_text(report).find("line 5: stock '-4' is negative") != std::string::npos);
}

TEST_CASE("A partial import takes the good rows") {
  const store_fixture shop;
  auto options = store_fixture::options_for(import_kind::products);
  options.partial = true;
  const auto report =
    import_text(*shop.store, "sku,title,price\nA,Lamp,1\nB,Desk,x\nC,Chair,3\n", options).value();
  CHECK(report.committed);
  CHECK(report.inserted == 2);
  CHECK(report.rejected == 1);
  CHECK(shop.store->counts().value().products == 2);
}

TEST_CASE("A dry run counts and changes nothing") {
  const store_fixture shop;
  auto options = store_fixture::options_for(import_kind::products);
  options.dry_run = true;
  const auto report = import_text(*shop.store, three_products, options).value();
  CHECK(report.inserted == 3);
  CHECK_FALSE(report.committed);
  CHECK(shop.store->counts().value().products == 0);
  CHECK(shop.store->catalogue_version() == 0);
  options.partial = true;
  const auto partly =
    import_text(*shop.store, "sku,title,price\nA,Lamp,1\nB,Mug,x\n", options).value();
  CHECK(partly.rejected == 1);
  CHECK(to_text(partly).find("this was a dry run") != std::string::npos);
}

TEST_CASE("Listed rejections are bounded, their number is not") {
  const store_fixture shop;
  std::string text = "sku,title,price\n";
  for (std::size_t i = 0; i < max_listed_rejections + 5; ++i)
    text += "A,B,x\n";
  const auto report = shop.load(import_kind::products, text).value();
  CHECK(report.rejected == max_listed_rejections + 5);
  CHECK(report.rejections.size() == max_listed_rejections);
  CHECK(to_text(report).find("and 5 more") != std::string::npos);
}

TEST_CASE("A file that lacks a required column is refused, naming it") {
  const store_fixture shop;
  for (const auto& [kind, text, field] :
       {std::tuple{import_kind::products, "sku,price\nA,1\n", "title"},
        std::tuple{import_kind::prices, "sku,price\nA,1\n", "competitor"},
        std::tuple{import_kind::orders, "sku\nA\n", "order_id"},
        std::tuple{import_kind::rates, "carrier\nA\n", "service"},
        std::tuple{import_kind::products, "", "header"},
        std::tuple{import_kind::products, "\xFF\xFEs\0k\0u\0", "file"}}) {
    INFO(text);
    const auto refused = shop.load(kind, text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_request);
    CHECK(refused.error().detail("field") == field);
  }
}

TEST_CASE("A file that is not there is refused") {
  const store_fixture shop;
  for (const auto& path : {shop.folder.path() / "missing.csv", shop.folder.path()}) {
    const auto refused =
      import_file(*shop.store, path, store_fixture::options_for(import_kind::products));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_request);
  }
}

TEST_CASE("NDJSON is recognised by the file's name or its first character") {
  const store_fixture shop;
  const auto file =
    shop.folder.write("p.ndjson", "\n{\"sku\":\"A\",\"title\":\"Lamp\",\"price\":9.5}\n");
  const auto options = store_fixture::options_for(import_kind::products);
  CHECK(import_file(*shop.store, file, options).value().inserted == 1);
  const auto report = shop.must_load(
    import_kind::products, "{\"sku\":\"B\",\"title\":\"Desk\",\"price\":\"20\",\"stock\":3}\n");
  CHECK(report.inserted == 1);
  CHECK(shop.dossier("A").item->price == money{950});
  CHECK(shop.dossier("B").item->stock == 3);
  const auto bad = shop.load(import_kind::products, "{\"sku\":\"C\",\"price\":1}\n").value();
  CHECK(bad.rejections == std::vector<rejected_row>{{1, "no title"}});
}

TEST_CASE("A mapping file gives their columns our names") {
  const store_fixture shop;
  auto options = store_fixture::options_for(import_kind::products);
  const auto map =
    shop.folder.write("map.toml", "sku = \"Artikelnummer\"\ntitle = \"Bezeichnung\"\n"
                                  "price = \"Preis\"\ncolor = \"Farbe\"\n");
  options.map = load_mapping(map.string(), import_kind::products).value();
  const auto report =
    import_text(*shop.store, "Artikelnummer,Bezeichnung,Preis,Farbe\nA,Lampe,9.50,rot\n", options)
      .value();
  CHECK(report.committed);
  CHECK(shop.dossier("A").item->attributes
        == std::vector<std::pair<std::string, std::string>>{{"color", "rot"}});
}

TEST_CASE("A rival's price without a time takes the import's, and is not repeated") {
  const store_fixture shop;
  const auto load_at = [&](int days, std::string_view text) {
    auto options = store_fixture::options_for(import_kind::prices);
    options.now = test::days_ago(days);
    return import_text(*shop.store, text, options).value();
  };
  CHECK(load_at(3, "sku,competitor,price\nA,X,9.00\n").inserted == 1);
  CHECK(load_at(2, "competitor,sku,price\nX,A,9.00\n").unchanged == 1);
  CHECK(load_at(1, "price,competitor,sku\n8.00,X,A\n").inserted == 1);
  CHECK(shop.store->counts().value().rival_prices == 2);
  // An older observation that comes late is history, not the latest.
  CHECK(load_at(0, "sku,competitor,price,seen_at\nA,X,7.00,-5d\n").inserted == 1);
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,10\n");
  const auto row = shop.dossier("A");
  REQUIRE(row.rivals.size() == 1);
  CHECK(row.rivals[0].price == money{800});
  CHECK(row.rivals[0].seen_at == test::days_ago(1));
  CHECK(row.rival_history.size() == 2);
}

TEST_CASE("A rival's price without a time is not repeated beside one that is dated ahead") {
  const store_fixture shop;
  shop.must_load(import_kind::prices,
                 "sku,competitor,price,seen_at\nA,X,9.00,2026-03-02T06:00:00Z\n");
  const std::string_view feed = "sku,competitor,price\nA,X,8.00\n";
  CHECK(shop.must_load(import_kind::prices, feed).inserted == 1);
  auto later = store_fixture::options_for(import_kind::prices);
  later.now += std::chrono::hours{1};
  CHECK(import_text(*shop.store, feed, later).value().unchanged == 1);
  CHECK(shop.store->counts().value().rival_prices == 2);
}

TEST_CASE("The same rival, product and time twice in a file is refused") {
  const store_fixture shop;
  const auto report =
    shop.load(import_kind::prices, "sku,competitor,price,seen_at\nA,X,9,-1d\na,X,8,-1d\n").value();
  CHECK(report.rejections
        == std::vector<rejected_row>{
          {3, "the price of 'a' at X at that time is in the file twice, first in line 2"}});
}

TEST_CASE("An order that comes again with a new status is updated") {
  const store_fixture shop;
  shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status,buyer,ordered_at\n"
                                      "1,A,2,10,pending,Ann,-1d\n");
  const auto report =
    shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status\n"
                                        "1,A,2,10,shipped\n");
  CHECK(report.updated == 1);
  const auto rows = shop.ask<order_rows>(order_query{"1", 5});
  REQUIRE(rows.lines.size() == 1);
  CHECK(rows.lines[0].status == "shipped");
  CHECK(rows.lines[0].buyer == "Ann");
  CHECK(rows.lines[0].ordered_at == test::days_ago(1));
}

TEST_CASE("An order's line without status and time has those of its order") {
  const store_fixture shop;
  // As a shop system writes it: the order's own cells on its first line alone.
  const std::string_view first = "order_id,sku,quantity,unit_price,status,ordered_at\n"
                                 "#1,A,1,10,paid,-400d\n#1,B,2,20,,\n"
                                 "#2,A,1,10,paid,-5d\n#2,B,1,20,,\n";
  shop.must_load(import_kind::orders, first);
  const auto lines = [&](std::string id) {
    return shop.ask<order_rows>(order_query{std::move(id), 5}).lines;
  };
  CHECK(lines("#1").at(1).status == "paid");
  CHECK(lines("#1").at(1).ordered_at == test::days_ago(400));
  CHECK(lines("#2").at(1).ordered_at == test::days_ago(5));
  CHECK(shop.must_load(import_kind::orders, first).unchanged == 4);
  // The line above says more than what was stored before.
  CHECK(shop
          .must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status,ordered_at\n"
                                          "#2,A,1,10,refunded,-5d\n#2,B,1,20,,\n")
          .updated
        == 2);
  CHECK(lines("#2").at(1).status == "refunded");
  CHECK(lines("#2").at(1).state == order_state::undone);
  // Else what is stored of the order does, for a line of another file, too.
  const std::string_view third = "order_id,sku,quantity,unit_price\n#1,C,1,5\n#1,A,1,10\n";
  CHECK(shop.must_load(import_kind::orders, third).inserted == 1);
  CHECK(lines("#1").at(2).status == "paid");
  CHECK(lines("#1").at(2).ordered_at == test::days_ago(400));
  CHECK(shop.must_load(import_kind::orders, third).unchanged == 2);
}

TEST_CASE("An order that nobody has dated is refused") {
  const store_fixture shop;
  const auto blank = shop
                       .load(import_kind::orders, "order_id,sku,quantity,unit_price,ordered_at\n"
                                                  "1,A,1,10,-1d\n2,A,1,10,\n")
                       .value();
  CHECK(blank.rejections == std::vector<rejected_row>{{3, "no ordered_at"}});
  const auto none =
    shop.load(import_kind::orders, "order_id,sku,quantity,unit_price\n1,A,1,10\n").value();
  CHECK(none.rejections == std::vector<rejected_row>{{2, "no ordered_at"}});
}

TEST_CASE("A rate that comes again with a new price is updated") {
  const store_fixture shop;
  shop.must_load(import_kind::rates,
                 "carrier,service,zone,max_weight_g,price,days\nP,S,local,500,4,2\n");
  CHECK(
    shop.must_load(import_kind::rates, "carrier,service,zone,max_weight_g,price\nP,S,local,500,5\n")
      .updated
    == 1);
  const auto rows = shop.ask<rate_rows>(rate_query{});
  REQUIRE(rows.rates.size() == 1);
  CHECK(rows.rates[0].price == money{500});
  CHECK(rows.rates[0].days == 2);
}

TEST_CASE("An import tells its progress, and stops when it is told to") {
  const store_fixture shop;
  std::string text = "sku,title,price\n";
  for (int i = 0; i < 2500; ++i)
    text += "S" + std::to_string(i) + ",Thing,1\n";
  std::vector<std::uint64_t> rows;
  const auto options = store_fixture::options_for(import_kind::products);
  const auto stopped = import_text(*shop.store, text, options, [&](const import_progress& p) {
    rows.push_back(p.rows);
    CHECK(p.total_bytes == text.size());
    return p.rows < 2000;
  });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == errc::cancelled);
  CHECK(rows == std::vector<std::uint64_t>{1000, 2000});
  CHECK(shop.store->counts().value().products == 0);
  const auto done = import_text(*shop.store, text, options, [&](const import_progress& p) {
    rows.push_back(p.rows);
    return true;
  });
  CHECK(done.value().inserted == 2500);
  CHECK(rows.back() == 2500);
}

TEST_CASE("A folder's files are imported in their order, those that are there") {
  const store_fixture shop;
  (void)shop.folder.write("products.csv", "sku,title,price\nA,Lamp,1\n");
  (void)shop.folder.write("rates.csv",
                          "carrier,service,zone,max_weight_g,price\nP,S,local,500,4\n");
  const auto options = store_fixture::options_for(import_kind::products);
  const auto reports = import_folder(*shop.store, shop.folder.path(), options).value();
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].kind == import_kind::products);
  CHECK(reports[1].name == "rates.csv");
  const auto refused = import_folder(*shop.store, shop.folder.path() / "data", options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail("field") == "folder");
}

TEST_CASE("A report is JSON for machines") {
  import_report report;
  report.kind = import_kind::orders;
  report.name = "a \"b\".csv";
  report.rows = 2;
  report.rejected = 1;
  report.rejections = {{7, "no sku"}};
  CHECK(
    to_json(report)
    == "{\"kind\":\"orders\",\"name\":\"a \\\"b\\\".csv\",\"rows\":2,\"inserted\":0,\"updated\":0,"
       "\"unchanged\":0,\"skipped\":0,\"not_for_sale\":0,\"removed\":0,\"rejected\":1,"
       "\"rejections\":[{\"line\":7,\"reason\":\"no "
       "sku\"}],"
       "\"committed\":false,\"catalogue_version\":0}");
}
