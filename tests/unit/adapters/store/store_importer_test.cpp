#include "adapters/store/store_importer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

/// Imports the text as a door does: by way of an unnamed file in the data folder.
result<import_outcome> import_through(const store_fixture& shop, std::string_view text,
                                      const import_request& request) {
  const auto importer = make_store_importer({.data_dir = shop.folder.path() / "data"});
  const auto file = importer->open_file().value();
  REQUIRE(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  auto outcome = importer->run(file, request, [] { return true; });
  ::close(file);
  return outcome;
}

constexpr std::string_view one_row = "sku,title,price\nA,First,5\n";

} // namespace

TEST_CASE("A door's file is imported beside the open store, which sees it") {
  const store_fixture shop;
  import_request request;
  request.kind = "products";
  const auto before = shop.store->catalogue_version();
  const auto outcome = import_through(shop, one_row, request).value();
  CHECK(outcome.committed);
  CHECK(outcome.rejected == 0);
  CHECK(outcome.report.find("\"inserted\":1") != std::string::npos);
  CHECK(shop.store->catalogue_version() > before);
}

TEST_CASE("Columns are mapped by pairs, and a map never names a file") {
  const store_fixture shop;
  import_request request;
  request.kind = "products";
  request.map = "sku=Item No;title=Name;price=Gross";
  CHECK(import_through(shop, "Item No,Name,Gross\nA,First,5\n", request).value().committed);
  const auto importer = make_store_importer({.data_dir = shop.folder.path() / "data"});
  for (const auto* map : {"/etc/passwd", "sku=", "=x", "sku"}) {
    request.map = map;
    CHECK(importer->check(request).has_error());
  }
  request.map.clear();
  request.kind = "nothing";
  CHECK(importer->check(request).has_error());
}
