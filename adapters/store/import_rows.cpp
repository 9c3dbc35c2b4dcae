#include "adapters/store/import_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "adapters/store/product_rows.hpp"

namespace flipsync {

namespace {

/// A title, in bytes; no marketplace takes more than a fifth of it.
constexpr std::size_t max_title = 1000;
/// Larger counts are typing errors, and would overflow sums of money.
constexpr std::int64_t max_count = 1'000'000'000;
/// A time may lie so far ahead of the import: clocks differ, and local times are written as UTC.
constexpr std::chrono::hours max_ahead{24};

error wrong(std::string why) { return error{errc::invalid_request, std::move(why)}; }

std::string quoted(column c, std::string_view text) {
  return std::string{to_string(c)} + " '" + std::string{text.substr(0, 40)} + "'";
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// Reads cells one by one and keeps the first thing that is wrong.
class cell_reader {
public:
  [[nodiscard]] const std::string& why() const noexcept { return why_; }
  void fail(std::string why) {
    if (why_.empty())
      why_ = std::move(why);
  }

  void name(column c, std::string_view text, std::string& into,
            std::size_t longest = max_name_bytes) {
    text = trim(text);
    if (has_control(text))
      return fail(std::string{to_string(c)} + " holds a control character");
    if (text.size() > longest)
      return fail(std::string{to_string(c)} + " is longer than " + std::to_string(longest)
                  + " bytes");
    into = text;
  }

  /// A name of words: a line break within it, as cells of spreadsheets have them, is a blank.
  void phrase(column c, std::string_view text, std::string& into,
              std::size_t longest = max_name_bytes) {
    constexpr std::string_view breaks = "\t\r\n";
    text = trim(text);
    if (text.find_first_of(breaks) == std::string_view::npos)
      return name(c, text, into, longest);
    std::string line;
    while (!text.empty()) {
      const auto end = text.find_first_of(breaks);
      line += std::string{line.empty() ? "" : " "} + std::string{trim(text.substr(0, end))};
      text = end == std::string_view::npos ? std::string_view{} : trim(text.substr(end));
    }
    name(c, line, into, longest);
  }

  std::optional<money> amount(column c, std::string_view text) {
    text = trim(text);
    if (text.empty())
      return std::nullopt;
    const auto value = parse_money(text);
    if (!value) {
      fail(std::string{to_string(c)} + " " + value.error().message);
      return std::nullopt;
    }
    if (value->cents < 0)
      fail(quoted(c, text) + " is negative");
    return *value;
  }

  std::optional<double> real(column c, std::string_view text) {
    text = trim(text);
    if (text.empty())
      return std::nullopt;
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
      return fail(quoted(c, text) + " is no number"), std::nullopt;
    if (value < 0)
      return fail(quoted(c, text) + " is negative"), std::nullopt;
    if (value > static_cast<double>(max_count))
      return fail(quoted(c, text) + " is too large"), std::nullopt;
    return value;
  }

  /// A whole number; "12.0" is one too.
  std::optional<std::int64_t> count(column c, std::string_view text) {
    const auto value = real(c, text);
    if (!value)
      return std::nullopt;
    if (*value != std::floor(*value))
      return fail(quoted(c, trim(text)) + " is no whole number"), std::nullopt;
    return static_cast<std::int64_t>(*value);
  }

  bool flag(column c, std::string_view text) {
    const auto key = column_key(text);
    for (const auto* yes : {"true", "yes", "y", "1"})
      if (key == yes)
        return true;
    for (const auto* no : {"", "false", "no", "n", "0"})
      if (key == no)
        return false;
    fail(quoted(c, trim(text)) + " is neither true nor false");
    return false;
  }

  /// When something happened. What has not happened yet would stay the newest for good.
  std::optional<wall_time> time(column c, std::string_view text, const row_clock& clock) {
    text = trim(text);
    if (text.empty())
      return std::nullopt;
    const auto value = parse_import_time(text, clock.anchor);
    if (!value)
      return fail(std::string{to_string(c)} + " " + value.error().message), std::nullopt;
    if (*value > clock.now + max_ahead)
      return fail(quoted(c, text) + " is in the future"), std::nullopt;
    return *value;
  }

private:
  std::string why_;
};

/// Calls `each` for the row's cells with their meaning; two cells that mean one column are an
/// error.
template <class F>
column_set for_each_cell(const record& row, column_names& names, cell_reader& read, F&& each) {
  column_set present;
  const column_meaning plain{column::attribute, {}};
  for (const auto& cell : row.fields) {
    const auto& meaning = cell.attribute ? plain : names.meaning_of(cell.name);
    const bool single = meaning.what != column::attribute && meaning.what != column::ignored;
    if (single && present.has(meaning.what))
      read.fail("two columns are " + std::string{to_string(meaning.what)});
    present.add(meaning.what);
    each(meaning, cell);
  }
  return present;
}

void want(cell_reader& read, column c, bool there) {
  if (!there)
    read.fail("no " + std::string{to_string(c)});
}

template <class T>
result<decoded_row<T>> finish(cell_reader& read, T item, column_set present) {
  if (!read.why().empty())
    return wrong(read.why());
  return decoded_row<T>{std::move(item), present};
}

/// Columns whose names differ in case, blanks or hyphens alone are one attribute.
void want_single(cell_reader& read,
                 const std::vector<std::pair<std::string, std::string>>& attributes) {
  std::vector<std::string> keys;
  keys.reserve(attributes.size());
  for (const auto& [name, value] : attributes)
    keys.push_back(column_key(name));
  std::sort(keys.begin(), keys.end());
  if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end())
    read.fail("two columns are " + *twice);
}

void read_product_cell(cell_reader& read, product& out, column c, std::string_view text) {
  switch (c) {
  case column::sku:
    return read.name(c, text, out.sku);
  case column::title:
    return read.phrase(c, text, out.title, max_title);
  case column::brand:
    return read.phrase(c, text, out.brand);
  case column::category:
    return read.phrase(c, text, out.category);
  case column::subcategory:
    return read.phrase(c, text, out.subcategory);
  case column::description:
    out.description = trim(text);
    return;
  case column::cost:
    out.cost = read.amount(c, text);
    return;
  case column::stock:
    out.stock = read.count(c, text);
    return;
  case column::max_stock:
    out.max_stock = read.count(c, text);
    return;
  case column::velocity_per_day:
    out.velocity_per_day = read.real(c, text);
    return;
  case column::lead_time_days:
    out.lead_time_days = read.real(c, text);
    return;
  case column::weight_g:
    out.weight_g = read.count(c, text);
    return;
  case column::tags:
    out.tags = split_tags(text);
    return;
  case column::age_restricted:
    out.age_restricted = read.flag(c, text);
    return;
  default:
    return;
  }
}

} // namespace

result<decoded_row<product>> decode_product(const record& row, column_names& names) {
  cell_reader read;
  product out;
  std::optional<money> price;
  const auto present =
    for_each_cell(row, names, read, [&](const column_meaning& meaning, const field& cell) {
      if (meaning.what == column::price)
        price = read.amount(column::price, cell.value);
      else if (meaning.what == column::attribute)
        out.attributes.emplace_back(
          meaning.name.empty() ? std::string{trim(cell.name)} : meaning.name, trim(cell.value));
      else
        read_product_cell(read, out, meaning.what, cell.value);
    });
  want_single(read, out.attributes);
  want(read, column::sku, !out.sku.empty());
  want(read, column::title, !out.title.empty());
  want(read, column::price, price.has_value());
  out.price = price.value_or(money{});
  return finish(read, std::move(out), present);
}

result<decoded_row<rival_price>> decode_price(const record& row, column_names& names,
                                              const row_clock& clock) {
  cell_reader read;
  rival_price out;
  std::optional<money> price;
  std::optional<wall_time> seen;
  auto present =
    for_each_cell(row, names, read, [&](const column_meaning& meaning, const field& cell) {
      switch (meaning.what) {
      case column::sku:
        return read.name(meaning.what, cell.value, out.sku);
      case column::competitor:
        return read.name(meaning.what, cell.value, out.competitor);
      case column::marketplace:
        return read.name(meaning.what, cell.value, out.marketplace);
      case column::price:
        price = read.amount(meaning.what, cell.value);
        return;
      case column::seen_at:
        seen = read.time(meaning.what, cell.value, clock);
        return;
      default:
        return;
      }
    });
  want(read, column::sku, !out.sku.empty());
  want(read, column::competitor, !out.competitor.empty());
  want(read, column::price, price.has_value());
  out.price = price.value_or(money{});
  out.seen_at = seen.value_or(clock.now);
  // A blank cell is no time, as if the column were not there.
  if (!seen)
    present.remove(column::seen_at);
  return finish(read, std::move(out), present);
}

result<decoded_row<order_line>> decode_order(const record& row, column_names& names,
                                             const row_clock& clock) {
  cell_reader read;
  order_line out;
  std::optional<std::int64_t> quantity;
  std::optional<money> price;
  std::optional<wall_time> at;
  auto present =
    for_each_cell(row, names, read, [&](const column_meaning& meaning, const field& cell) {
      switch (meaning.what) {
      case column::order_id:
        return read.name(meaning.what, cell.value, out.order_id);
      case column::sku:
        return read.name(meaning.what, cell.value, out.sku);
      case column::marketplace:
        return read.name(meaning.what, cell.value, out.marketplace);
      case column::buyer:
        return read.name(meaning.what, cell.value, out.buyer);
      case column::status:
        return read.name(meaning.what, cell.value, out.status);
      case column::quantity:
        quantity = read.count(meaning.what, cell.value);
        return;
      case column::unit_price:
        price = read.amount(meaning.what, cell.value);
        return;
      case column::ordered_at:
        at = read.time(meaning.what, cell.value, clock);
        return;
      default:
        return;
      }
    });
  want(read, column::order_id, !out.order_id.empty());
  want(read, column::sku, !out.sku.empty());
  want(read, column::quantity, quantity.has_value());
  want(read, column::unit_price, price.has_value());
  if (quantity == 0)
    read.fail("quantity is 0");
  out.quantity = quantity.value_or(0);
  out.unit_price = price.value_or(money{});
  // Sums over the shop must not end at what 64 bits hold.
  constexpr std::int64_t dearest = 10'000'000'000'000; // cents
  if (out.quantity > 0 && out.unit_price.cents > dearest / out.quantity)
    read.fail("quantity times unit_price is over $100 billion");
  out.ordered_at = at.value_or(wall_time{});
  // Blank cells say nothing, as if the columns were not there.
  if (!at)
    present.remove(column::ordered_at);
  if (out.status.empty())
    present.remove(column::status);
  return finish(read, std::move(out), present);
}

result<decoded_row<shipping_rate>> decode_rate(const record& row, column_names& names) {
  cell_reader read;
  shipping_rate out;
  std::optional<std::int64_t> weight;
  std::optional<money> price;
  const auto present =
    for_each_cell(row, names, read, [&](const column_meaning& meaning, const field& cell) {
      switch (meaning.what) {
      case column::carrier:
        return read.name(meaning.what, cell.value, out.carrier);
      case column::service:
        return read.name(meaning.what, cell.value, out.service);
      case column::zone:
        return read.name(meaning.what, cell.value, out.zone);
      case column::max_weight_g:
        weight = read.count(meaning.what, cell.value);
        return;
      case column::price:
        price = read.amount(meaning.what, cell.value);
        return;
      case column::days:
        out.days = read.count(meaning.what, cell.value);
        return;
      default:
        return;
      }
    });
  want(read, column::carrier, !out.carrier.empty());
  want(read, column::service, !out.service.empty());
  want(read, column::zone, !out.zone.empty());
  want(read, column::max_weight_g, weight.has_value());
  want(read, column::price, price.has_value());
  if (weight == 0)
    read.fail("max_weight_g is 0");
  out.max_weight_g = weight.value_or(0);
  out.price = price.value_or(money{});
  return finish(read, std::move(out), present);
}

result<wall_time> parse_import_time(std::string_view text, wall_time anchor) {
  if (text.empty() || text.front() != '-')
    return parse_rfc3339(text);
  const auto shown = text;
  const auto no_time = [&] {
    return wrong("'" + std::string{shown.substr(0, 40)}
                 + "' is no time (like -3d, -12h or RFC 3339)");
  };
  std::chrono::minutes back{0};
  constexpr int most = 100 * 366 * 24 * 60;
  for (text.remove_prefix(1); !text.empty();) {
    int count = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (code != std::errc{} || count < 0 || count > most || digits == text.size()
        || text.front() == '-')
      return no_time();
    const char unit = text[digits];
    if (unit != 'd' && unit != 'h' && unit != 'm')
      return no_time();
    back += unit == 'd'   ? std::chrono::minutes{std::int64_t{count} * 24 * 60}
            : unit == 'h' ? std::chrono::minutes{std::int64_t{count} * 60}
                          : std::chrono::minutes{count};
    text.remove_prefix(digits + 1);
  }
  if (shown.size() < 2 || back.count() > most)
    return no_time();
  return anchor - back;
}

product merged(const product& stored, const decoded_row<product>& row) {
  product out = stored;
  const auto& said = row.item;
  const auto take = [&](column c, auto product::*member) {
    if (row.present.has(c))
      out.*member = said.*member;
  };
  if (out.sku.empty())
    out.sku = said.sku;
  out.title = said.title;
  out.price = said.price;
  take(column::brand, &product::brand);
  take(column::category, &product::category);
  take(column::subcategory, &product::subcategory);
  take(column::description, &product::description);
  take(column::cost, &product::cost);
  take(column::stock, &product::stock);
  take(column::max_stock, &product::max_stock);
  take(column::velocity_per_day, &product::velocity_per_day);
  take(column::lead_time_days, &product::lead_time_days);
  take(column::weight_g, &product::weight_g);
  take(column::tags, &product::tags);
  take(column::age_restricted, &product::age_restricted);
  for (const auto& [name, value] : said.attributes) {
    const auto alike = [&name = name](const auto& known) { return same_column(known.first, name); };
    auto rest = std::find_if(out.attributes.begin(), out.attributes.end(), alike);
    if (rest == out.attributes.end()) {
      if (!value.empty())
        out.attributes.emplace_back(name, value);
      continue;
    }
    if (!value.empty())
      (rest++)->second = value;
    // Older versions took other spellings for other attributes.
    out.attributes.erase(std::remove_if(rest, out.attributes.end(), alike), out.attributes.end());
  }
  return out;
}

} // namespace flipsync
