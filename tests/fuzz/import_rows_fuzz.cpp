// Import files: CSV, NDJSON and Shopify's export, from bytes to decoded rows.

#include <memory>
#include <vector>

#include "adapters/store/byte_sources.hpp"
#include "adapters/store/csv.hpp"
#include "adapters/store/import_rows.hpp"
#include "adapters/store/ndjson.hpp"
#include "adapters/store/shopify.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

constexpr row_clock noon{.now = wall_time{std::chrono::milliseconds{1'767'225'600'000}},
                         .anchor = wall_time{std::chrono::milliseconds{1'767'225'600'000}}};

void decode(const record& row, column_names& names, import_kind kind) {
  const auto check = [](const auto& decoded) {
    if (!decoded)
      fuzz::require(!decoded.error().message.empty(), "a refused row says why");
  };
  switch (kind) {
  case import_kind::products: {
    const auto decoded = decode_product(row, names);
    check(decoded);
    if (decoded)
      fuzz::require(!decoded->item.sku.empty(), "a product that is taken has a sku");
    break;
  }
  case import_kind::prices:
    check(decode_price(row, names, noon));
    break;
  case import_kind::orders:
    check(decode_order(row, names, noon));
    break;
  case import_kind::rates:
    check(decode_rate(row, names));
    break;
  }
}

void read_rows(record_source& rows, import_kind kind, bool shopify) {
  const auto header = rows.header();
  if (!header)
    return;
  if (shopify && !shopify_rows::check_header(*header))
    return;
  column_mapping map;
  map.shopify = shopify;
  column_names names{kind, map};
  shopify_rows mapper;
  record row;
  record mapped;
  std::uint64_t last = 0;
  for (auto more = rows.next(row); more && *more; more = rows.next(row)) {
    fuzz::require(row.line > last, "each row begins behind the one before it");
    last = row.line;
    if (!row.error.empty())
      continue;
    if (!shopify)
      decode(row, names, kind);
    else if (mapper.map(row, mapped) == shopify_row::product)
      decode(mapped, names, kind);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto form = in.choose(3);
  const auto kind = form == 2 ? import_kind::products : static_cast<import_kind>(in.choose(4));
  const auto source = make_text_source(in.rest());
  if (form == 1) {
    ndjson_records rows{*source};
    read_rows(rows, kind, false);
  } else {
    csv_records rows{*source};
    read_rows(rows, kind, form == 2);
  }
  return 0;
}
