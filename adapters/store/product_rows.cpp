#include "adapters/store/product_rows.hpp"

#include <simdjson.h>

#include <charconv>

#include "runtime/core/text/public_columns.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

simdjson::dom::parser& parser() {
  thread_local simdjson::dom::parser shared;
  return shared;
}

} // namespace

std::optional<double> measure_of(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (code != std::errc{} || !(value > -1e15 && value < 1e15))
    return std::nullopt;
  // "3M" or "2XL" is a name that begins with a digit.
  const auto rest = text.substr(used);
  const bool unit = rest.empty() || rest.front() == ' ' || rest.front() == '%'
                    || (rest.front() >= 'a' && rest.front() <= 'z');
  return unit ? std::optional{value} : std::nullopt;
}

std::string_view product_columns(audience who) noexcept {
  // The last says whether the attributes that are no shopper's are among those that are read.
  constexpr std::string_view whole =
    "p.sku, p.title, p.price, p.brand, p.category, p.subcategory, p.description, p.cost, p.stock, "
    "p.max_stock, p.velocity_per_day, p.lead_time_days, p.weight_g, p.tags, p.attributes, "
    "p.age_restricted, 1";
  constexpr std::string_view public_part =
    "p.sku, p.title, p.price, p.brand, p.category, p.subcategory, p.description, NULL, p.stock, "
    "p.max_stock, NULL, p.lead_time_days, p.weight_g, p.tags, p.attributes, p.age_restricted, 0";
  return who == audience::shopper ? public_part : whole;
}

product product_of(const sql::query& row, int column) {
  product out;
  out.sku = row.text(column);
  out.title = row.text(column + 1);
  out.price = row.cents(column + 2);
  out.brand = row.text(column + 3);
  out.category = row.text(column + 4);
  out.subcategory = row.text(column + 5);
  out.description = row.text(column + 6);
  if (!row.is_null(column + 7))
    out.cost = row.cents(column + 7);
  out.stock = row.maybe_integer(column + 8);
  out.max_stock = row.maybe_integer(column + 9);
  out.velocity_per_day = row.maybe_real(column + 10);
  out.lead_time_days = row.maybe_real(column + 11);
  out.weight_g = row.maybe_integer(column + 12);
  out.tags = split_tags(row.view(column + 13));
  out.attributes = attributes_of(row.view(column + 14));
  out.age_restricted = row.integer(column + 15) != 0;
  if (row.integer(column + 16) == 0)
    std::erase_if(out.attributes, [](const auto& each) { return !is_public_column(each.first); });
  return out;
}

std::string attributes_json(const attribute_list& attributes) {
  std::string out = "{";
  for (const auto& [name, value] : attributes) {
    if (out.size() > 1)
      out += ',';
    wire::append_string(out, name);
    out += ':';
    wire::append_string(out, value);
  }
  out += '}';
  return out;
}

attribute_list attributes_of(std::string_view json) {
  attribute_list out;
  if (json.size() <= 2)
    return out;
  simdjson::dom::object object;
  if (parser().parse(json.data(), json.size()).get_object().get(object))
    return out;
  for (const auto& field : object) {
    std::string_view value;
    if (!field.value.get_string().get(value))
      out.emplace_back(field.key, value);
  }
  return out;
}

std::vector<std::string> split_tags(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (const auto tag = trimmed(text.substr(0, end)); !tag.empty())
      out.emplace_back(tag);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return out;
}

std::string join_tags(const std::vector<std::string>& tags) {
  std::string out;
  for (const auto& tag : tags) {
    if (!out.empty())
      out += ';';
    out += tag;
  }
  return out;
}

} // namespace flipsync
