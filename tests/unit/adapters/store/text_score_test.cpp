#include "adapters/store/text_score.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <limits>

#include "adapters/store/catalogue_view.hpp"
#include "store_fixture.hpp"

using namespace flipsync;
using Catch::Approx;
using test::store_fixture;

namespace {

/// Both scores of each hit, row by row.
void compare(sql::connection& db, std::string_view match, std::size_t hits) {
  INFO(match);
  sql::query q{db, "SELECT rowid, text_score(product_words),"
                   " 1.0 - 1.0 / (1.0 - bm25(product_words, 10.0, 6.0, 4.0, 4.0, 1.0))"
                   " FROM product_words WHERE product_words MATCH ?"};
  q.bind(match);
  std::size_t rows = 0;
  for (; q.step(); ++rows) {
    INFO("row " << (q.integer(0) & 0xffffffff));
    CHECK(q.real(1) == Approx(q.real(2)).epsilon(1e-12));
  }
  CHECK(rows == hits);
}

void compare_all(sql::connection& db) {
  compare(db, "lamp", 4);
  compare(db, "\"oak\" \"lamp\"", 2);
  compare(db, "lamp OR oak OR brass OR steel", 6);
  compare(db, "la *", 4);
  compare(db, "the", 1);
}

constexpr auto whole_catalogue = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view goods =
  "sku,title,price,brand,category,description\n"
  "A,Oak lamp,1,Lampwright,Lamps,A lamp of oak\n"
  "B,Brass lamp,2,Lampwright,Lighting,\n"
  "C,Floor lamp,3,Tarn,Lamps,\"The tall one of steel, for a corner: steel foot and steel shade\"\n"
  "D,Desk,4,Oak House,Tables,Room for a lamp and more\n"
  "E,Oak chair,5,Oak House,Chairs,\n"
  "F,Steel pan,6,Tarn,Pans,\n"
  "G,Rug,7,Tarn,Textiles,\n";

} // namespace

TEST_CASE("A text's score is FTS5's own, whether its length was known or not") {
  const store_fixture shop;
  shop.must_load(import_kind::products, goods);
  sql::connection db{shop.folder.path() / "data" / "catalogue.db", {}};
  text_lengths lengths;
  add_text_score(db, lengths);
  compare_all(db); // nothing may be kept before a version was told
  lengths.of_version(1, 0, whole_catalogue);
  compare_all(db);
  compare_all(db);
  const auto row = std::int64_t{1} << tenant_shift;
  lengths.of_version(2, row, row + 100);
  compare_all(db);
  CHECK(lengths.find(row + 1) > 0);
  compare_all(db);
}

TEST_CASE("A product whose text an import has changed is scored by its new text") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,description\n"
                                        "SHORT,Desk lamp,9,\n"
                                        "LONG,Desk lamp,1,with an arm and a foot and a shade\n");
  product_search both;
  both.text = "lamp missing";
  REQUIRE(shop.found(both) == std::vector<std::string>{"SHORT", "LONG"});
  shop.must_load(import_kind::products, "sku,title,price,description\n"
                                        "SHORT,Desk lamp,9,with an arm and a foot and a shade\n"
                                        "LONG,Desk lamp,1,\n");
  CHECK(shop.found(both) == std::vector<std::string>{"LONG", "SHORT"});
}

TEST_CASE("Lengths are kept for the rows and the version that they are of") {
  text_lengths lengths;
  lengths.keep(5, 7);
  CHECK(lengths.find(5) == 0);
  lengths.of_version(1, 100, 200);
  lengths.keep(99, 7);
  lengths.keep(201, 7);
  lengths.keep(150, 7);
  lengths.keep(151, 70'000); // longer than is kept
  CHECK(lengths.find(99) == 0);
  CHECK(lengths.find(201) == 0);
  CHECK(lengths.find(150) == 7);
  CHECK(lengths.find(151) == 0);
  lengths.of_version(1, 100, 200);
  CHECK(lengths.find(150) == 7);
  lengths.of_version(2, 100, 200);
  CHECK(lengths.find(150) == 0);
  lengths.keep(150, 8);
  lengths.of_version(2, 300, 400);
  CHECK(lengths.find(350) == 0);
}
