#include "adapters/store/columns.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/store/record.hpp"

namespace flipsync {

namespace {

using enum column;

constexpr std::array product_columns_list{
  sku,         title, price,         brand,     category,         subcategory,
  description, cost,  stock,         max_stock, velocity_per_day, lead_time_days,
  weight_g,    tags,  age_restricted};
constexpr std::array price_columns{sku, competitor, price, marketplace, seen_at};
constexpr std::array order_columns{order_id,    sku,   quantity, unit_price,
                                   marketplace, buyer, status,   ordered_at};
constexpr std::array rate_columns{carrier, service, zone, max_weight_g, price, days};

std::size_t required_count(import_kind kind) {
  switch (kind) {
  case import_kind::products:
  case import_kind::prices:
    return 3;
  case import_kind::orders:
    return 4;
  case import_kind::rates:
    return 5;
  }
  return 0;
}

std::optional<column> find_column(import_kind kind, std::string_view key) {
  for (const auto c : columns_of(kind))
    if (to_string(c) == key)
      return c;
  return std::nullopt;
}

/// A further column, under the name that the file gives it.
column_meaning further(import_kind kind, std::string_view name) {
  if (kind == import_kind::products)
    return {attribute, std::string{trim(name)}};
  return {ignored, {}};
}

char key_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z')
    return static_cast<char>(c - 'A' + 'a');
  return c == ' ' || c == '-' ? '_' : c;
}

error bad_map(std::string why) {
  return error{errc::invalid_request, "the mapping is wrong: " + std::move(why)}.with("field",
                                                                                      "map");
}

result<column_mapping> read_columns(const toml::table& table, import_kind kind) {
  column_mapping out;
  for (const auto& [key, value] : table) {
    // Another kind's table may stand in the same file.
    if (value.is_table())
      continue;
    const auto theirs = value.value<std::string>();
    const std::string ours{key.str()};
    if (!theirs)
      return bad_map("'" + ours + "' wants the name of a column in quotes");
    if (kind != import_kind::products && !find_column(kind, column_key(ours)))
      return bad_map("'" + ours + "' is no column of " + std::string{to_string(kind)});
    out.columns.emplace_back(ours, *theirs);
  }
  if (out.columns.empty())
    return bad_map("it names no column");
  return out;
}

} // namespace

std::string_view to_string(column c) noexcept {
  constexpr std::array<std::string_view, 31> names{"sku",
                                                   "title",
                                                   "price",
                                                   "brand",
                                                   "category",
                                                   "subcategory",
                                                   "description",
                                                   "cost",
                                                   "stock",
                                                   "max_stock",
                                                   "velocity_per_day",
                                                   "lead_time_days",
                                                   "weight_g",
                                                   "tags",
                                                   "age_restricted",
                                                   "competitor",
                                                   "marketplace",
                                                   "seen_at",
                                                   "order_id",
                                                   "quantity",
                                                   "unit_price",
                                                   "buyer",
                                                   "status",
                                                   "ordered_at",
                                                   "carrier",
                                                   "service",
                                                   "zone",
                                                   "max_weight_g",
                                                   "days",
                                                   "attribute",
                                                   "ignored"};
  return names[static_cast<std::size_t>(c)];
}

std::span<const column> columns_of(import_kind kind) noexcept {
  switch (kind) {
  case import_kind::products:
    return product_columns_list;
  case import_kind::prices:
    return price_columns;
  case import_kind::orders:
    return order_columns;
  case import_kind::rates:
    return rate_columns;
  }
  return {};
}

std::span<const column> required_columns(import_kind kind) noexcept {
  return columns_of(kind).first(required_count(kind));
}

std::string column_key(std::string_view name) {
  std::string key{trim(name)};
  std::transform(key.begin(), key.end(), key.begin(), key_of);
  return key;
}

bool same_column(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return key_of(x) == key_of(y); });
}

// A column of ours that the map takes from elsewhere is no longer found under its own name: that
// one becomes a further column.
column_names::column_names(import_kind kind, const column_mapping& map) : kind_{kind} {
  for (const auto& [ours, theirs] : map.columns)
    if (const auto known = find_column(kind, column_key(ours)))
      mapped_.emplace(column_key(ours), further(kind, ours));
  for (const auto& [ours, theirs] : map.columns) {
    const auto known = find_column(kind, column_key(ours));
    mapped_[column_key(theirs)] = known ? column_meaning{*known, {}} : further(kind, ours);
  }
}

column_meaning column_names::find(std::string_view name) const {
  const auto key = column_key(name);
  if (const auto mapped = mapped_.find(key); mapped != mapped_.end())
    return mapped->second;
  if (const auto known = find_column(kind_, key))
    return {*known, {}};
  return further(kind_, name);
}

const column_meaning& column_names::meaning_of(std::string_view name) {
  if (const auto known = known_.find(name); known != known_.end())
    return known->second;
  // NDJSON may name a million different members; forgetting them costs little.
  if (known_.size() > 4096)
    known_.clear();
  return known_.emplace(std::string{name}, find(name)).first->second;
}

std::vector<column> column_names::missing(const std::vector<std::string>& names) {
  std::vector<column> out;
  for (const auto c : required_columns(kind_)) {
    const bool there = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return !name.empty() && meaning_of(name).what == c;
    });
    if (!there)
      out.push_back(c);
  }
  return out;
}

result<column_mapping> parse_mapping(std::string_view pairs, import_kind kind) {
  toml::table table;
  while (!pairs.empty()) {
    const auto end = std::min(pairs.find(';'), pairs.size());
    const auto pair = pairs.substr(0, end);
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == pair.size())
      return bad_map("'" + std::string{pair} + "' is no pair ours=theirs");
    table.insert_or_assign(std::string{pair.substr(0, equals)},
                           std::string{pair.substr(equals + 1)});
  }
  return read_columns(table, kind);
}

result<column_mapping> load_mapping(std::string_view map, import_kind kind) {
  if (map.empty())
    return column_mapping{};
  if (map == "shopify") {
    if (kind != import_kind::products)
      return bad_map("'shopify' is for products");
    return column_mapping{true, {}};
  }
  try {
    const auto file = toml::parse_file(map);
    const auto* own = file[to_string(kind)].as_table();
    return read_columns(own ? *own : static_cast<const toml::table&>(file), kind);
  } catch (const toml::parse_error& why) {
    return bad_map(std::string{map} + " cannot be read as TOML: " + std::string{why.description()});
  }
}

} // namespace flipsync
