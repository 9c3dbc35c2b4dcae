#include "adapters/store/columns.hpp"

#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;

TEST_CASE("Column names match without case, and with blanks or hyphens for underscores") {
  column_names names{import_kind::products, {}};
  CHECK(names.meaning_of("SKU").what == column::sku);
  CHECK(names.meaning_of(" Max Stock ").what == column::max_stock);
  CHECK(names.meaning_of("lead-time-days").what == column::lead_time_days);
  const auto& color = names.meaning_of("Color Family");
  CHECK(color.what == column::attribute);
  CHECK(color.name == "Color Family");
}

TEST_CASE("What is no column of prices, orders or rates is passed over") {
  column_names names{import_kind::prices, {}};
  CHECK(names.meaning_of("seen_at").what == column::seen_at);
  CHECK(names.meaning_of("title").what == column::ignored);
}

TEST_CASE("A mapping names their columns, and frees our name for an attribute") {
  column_mapping map;
  map.columns = {{"sku", "Item No"}, {"price", "Net Price"}, {"color", "Farbe"}};
  column_names names{import_kind::products, map};
  CHECK(names.meaning_of("item_no").what == column::sku);
  CHECK(names.meaning_of("Net Price").what == column::price);
  CHECK(names.meaning_of("price").what == column::attribute);
  CHECK(names.meaning_of("Farbe").name == "color");
  CHECK(names.missing({"Item No", "price"}) == std::vector{column::title, column::price});
  CHECK(names.missing({"Item No", "title", "Net Price"}).empty());
}

TEST_CASE("A mapping file may name columns at top level or by kind") {
  const test::temporary_folder folder;
  const auto plain = folder.write("plain.toml", "sku = \"Item No\"\ntitle = \"Name\"\n");
  CHECK(load_mapping(plain.string(), import_kind::products).value().columns.size() == 2);
  const auto kinds = folder.write("kinds.toml", "[products]\nsku = \"P\"\n[orders]\nsku = \"O\"\n");
  CHECK(load_mapping(kinds.string(), import_kind::orders).value().columns
        == std::vector<std::pair<std::string, std::string>>{{"sku", "O"}});
}

TEST_CASE("A mapping that cannot be is refused") {
  const test::temporary_folder folder;
  const auto refused = [](std::string_view map, import_kind kind) {
    const auto loaded = load_mapping(map, kind);
    return !loaded && loaded.error().code == errc::invalid_request
           && loaded.error().detail("field") == "map";
  };
  CHECK(refused((folder.path() / "missing.toml").string(), import_kind::products));
  CHECK(refused(folder.write("a.toml", "sku = \n").string(), import_kind::products));
  CHECK(refused(folder.write("b.toml", "sku = 3\n").string(), import_kind::products));
  CHECK(refused(folder.write("c.toml", "").string(), import_kind::products));
  CHECK(refused(folder.write("d.toml", "colour = \"x\"\n").string(), import_kind::orders));
  CHECK(refused("shopify", import_kind::orders));
  CHECK(load_mapping("", import_kind::orders).value().columns.empty());
  CHECK(load_mapping("shopify", import_kind::products).value().shopify);
}
