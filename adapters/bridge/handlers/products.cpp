#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

constexpr std::int64_t millionths_of_a_cent = 10'000;

/// Prices are declared in whole units of the currency, so millionths are exact. A part of a cent
/// narrows what is asked for: no price of $7.49 is at least 7.495, or at most 7.489.
std::optional<money> lowest_price(const http_session& session) {
  const auto millionths = session.query().millionths("min_price");
  if (!millionths)
    return std::nullopt;
  return money{(*millionths + millionths_of_a_cent - 1) / millionths_of_a_cent};
}
std::optional<money> highest_price(const http_session& session) {
  const auto millionths = session.query().millionths("max_price");
  return millionths ? std::optional{money{*millionths / millionths_of_a_cent}} : std::nullopt;
}

catalogue_viewer viewer_of(const http_session& session) {
  return {audience_of(session), session.query().flag("age_confirmed")};
}

product_search search_of(const http_session& session) {
  product_search out;
  out.text = session.query().text_or_empty("q");
  out.category = session.query().text_or_empty("category");
  out.brand = session.query().text_or_empty("brand");
  out.min_price = lowest_price(session);
  out.max_price = highest_price(session);
  out.in_stock_only = session.query().flag("in_stock");
  out.limit = static_cast<std::uint32_t>(session.query().whole("limit").value_or(20));
  out.offset = static_cast<std::uint32_t>(session.query().whole("offset").value_or(0));
  return out;
}

void search(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<product_search_rows>::start(
    session,
    [&](auto done) {
      office->search_products(viewer_of(session), search_of(session), std::move(done));
    },
    [](http_session& to, const product_search_rows& rows) {
      wire::json_object object{to.begin_response(200, json_type)};
      wire::append_array(
        object.key("products"), rows.hits,
        [](std::string& out, const product_hit& hit) { wire::append_json(out, hit.item); });
      object.number("total", rows.total);
      object.number("offset", static_cast<std::uint64_t>(to.query().whole("offset").value_or(0)));
      object.close();
      to.end_response();
    });
}

void show_product(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<product>::start(
    session,
    [&](auto done) {
      office->product_of(viewer_of(session), session.parameter("sku"), std::move(done));
    },
    [](http_session& to, const product& item) {
      wire::append_json(to.begin_response(200, json_type), item);
      to.end_response();
    });
}

constexpr query_field search_fields[]{
  {.name = "audience",
   .type = query_type::choice,
   .summary = "who looks: a shopper sees no cost, and products for adults only once of age",
   .choices = "any|shopper|seller"},
  {.name = "age_confirmed", .type = query_type::flag, .summary = "the shopper is of age"},
  {.name = "q", .summary = "words to look for; without them all products", .min = 0, .max = 500},
  {.name = "category", .summary = "category or subcategory", .min = 1, .max = 200},
  {.name = "brand", .summary = "brand", .min = 1, .max = 200},
  {.name = "min_price",
   .type = query_type::decimal,
   .summary = "lowest price",
   .min = 0,
   .max = 1'000'000'00},
  {.name = "max_price",
   .type = query_type::decimal,
   .summary = "highest price",
   .min = 0,
   .max = 1'000'000'00},
  {.name = "in_stock", .type = query_type::flag, .summary = "only what is in stock"},
  {.name = "limit",
   .type = query_type::whole,
   .summary = "products of a page; 20 if not given",
   .min = 1,
   .max = 50},
  {.name = "offset",
   .type = query_type::whole,
   .summary = "products to pass over",
   .min = 0,
   .max = 1000},
};
constexpr query_field product_fields[]{search_fields[0], search_fields[1]};

} // namespace

std::span<const route> product_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/products",
     .summary = "products by relevance and filters",
     .handle = search,
     .query = search_fields,
     .reply = "ProductList"},
    {.pattern = "/api/v1/products/{sku}",
     .summary = "one product",
     .handle = show_product,
     .query = product_fields,
     .reply = "Product"},
  };
  return table;
}

} // namespace flipsync
