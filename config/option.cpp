#include "config/option.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/core/text/ascii.hpp"
#include "runtime/core/text/number_text.hpp"

namespace flipsync::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<unit, 5> time_units{
  {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<unit, 4> byte_units{
  {{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T out{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

/// "15s" → 15 times the unit's factor. A bare number counts only where `bare` names its factor.
template <std::size_t N>
std::optional<std::int64_t> measure(std::string_view text, const std::array<unit, N>& units,
                                    std::int64_t bare) {
  const auto end =
    std::find_if_not(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  const auto suffix = trimmed(text.substr(digits.size()));
  const auto count = number<std::int64_t>(digits);
  std::int64_t factor = suffix.empty() ? bare : 0;
  for (const auto& u : units)
    if (u.name == suffix)
      factor = u.factor;
  if (!count || factor == 0 || *count > INT64_MAX / factor)
    return std::nullopt;
  return *count * factor;
}

template <std::size_t N>
std::string measured(std::int64_t value, const std::array<unit, N>& units) {
  auto best = units.front();
  for (const auto& u : units)
    if (value != 0 && value % u.factor == 0)
      best = u;
  return std::to_string(value / best.factor) + std::string{best.name};
}

/// A basic string of TOML.
std::string in_quotes(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 0xF];
      continue;
    }
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

std::string bound(const option& o, double value) {
  switch (o.type) {
  case option_type::duration:
    return measured(static_cast<std::int64_t>(value), time_units);
  case option_type::bytes:
    return measured(static_cast<std::int64_t>(value), byte_units);
  case option_type::integer:
    return std::to_string(static_cast<std::int64_t>(value));
  default:
    return exact_text(value);
  }
}

std::optional<bool> parse_boolean(std::string_view text) {
  const auto word = ascii_lower(text);
  if (word == "true" || word == "1" || word == "yes" || word == "on")
    return true;
  if (word == "false" || word == "0" || word == "no" || word == "off")
    return false;
  return std::nullopt;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (const auto item = trimmed(text.substr(0, comma)); !item.empty())
      out.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

template <class T>
option_value or_unset(const std::optional<T>& value) {
  return value ? option_value{*value} : option_value{};
}

/// Unset where the text is not of the option's type.
option_value read_as_type(const option& o, std::string_view text) {
  switch (o.type) {
  case option_type::text:
    return std::string{text};
  case option_type::choice:
    return ascii_lower(text);
  case option_type::list:
    return parse_list(text);
  case option_type::boolean:
    return or_unset(parse_boolean(text));
  case option_type::integer:
    return or_unset(number<std::int64_t>(text));
  case option_type::real:
    return or_unset(number<double>(text));
  case option_type::duration:
    return or_unset(measure(text, time_units, 0));
  case option_type::bytes:
    return or_unset(measure(text, byte_units, 1));
  }
  return {};
}

error refusal(const option& o, const std::string& what) {
  return error{errc::invalid_request, o.path + ": " + what + "; allowed: " + allowed(o)}.with(
    "field", o.path);
}

/// A secret's value is not repeated, whatever is wrong with it.
std::string shown(const option& o, std::string_view text) {
  return o.secret ? "the value" : "'" + std::string{text} + "'";
}

} // namespace

std::string variable_name(std::string_view path) {
  std::string out = "FLIPSYNC_";
  for (const char c : path)
    out += c == '.' ? '_' : ascii_upper(c);
  return out;
}

std::string allowed(const option& o) {
  const auto range = bound(o, o.low) + " to " + bound(o, o.high);
  switch (o.type) {
  case option_type::text:
    return "a text";
  case option_type::choice: {
    std::string names;
    for (const auto& name : o.choices)
      names += (names.empty() ? "" : ", ") + name;
    return "one of " + names;
  }
  case option_type::list:
    return "a list of texts";
  case option_type::boolean:
    return "true or false";
  case option_type::integer:
    return "a whole number from " + range;
  case option_type::real:
    return "a number from " + range;
  case option_type::duration:
    return "a duration from " + range + " (with its unit: ms, s, m, h or d)";
  case option_type::bytes:
    return "a size from " + range + " (B, KiB, MiB or GiB)";
  }
  return {};
}

result<option_value> parse_value(const option& o, std::string_view text) {
  text = trimmed(text);
  if (text.empty() && o.nullable)
    return option_value{};
  auto value = read_as_type(o, text);
  if (std::holds_alternative<std::monostate>(value))
    return refusal(o, shown(o, text) + " is not understood");
  if (auto fits = check_value(o, value); !fits)
    return fits.error();
  return value;
}

result<void> check_value(const option& o, const option_value& value) {
  if (std::holds_alternative<std::monostate>(value))
    return o.nullable ? result<void>{} : refusal(o, "it needs a value");
  if (o.type == option_type::choice) {
    const auto& name = std::get<std::string>(value);
    if (std::find(o.choices.begin(), o.choices.end(), name) == o.choices.end())
      return refusal(o, "'" + name + "' is not known");
    return {};
  }
  bool inside = true;
  // As whole numbers: a double may be the bound itself where this is one beyond it.
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    inside =
      *whole >= static_cast<std::int64_t>(o.low) && *whole <= static_cast<std::int64_t>(o.high);
  // NaN compares false with everything, so the question is whether it lies inside.
  else if (const auto* real = std::get_if<double>(&value))
    inside = *real >= o.low && *real <= o.high;
  return inside ? result<void>{} : refusal(o, to_toml(o, value) + " is out of range");
}

std::string to_toml(const option& o, const option_value& value) {
  if (const auto* flag = std::get_if<bool>(&value))
    return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (o.type == option_type::duration)
      return '"' + measured(*whole, time_units) + '"';
    if (o.type == option_type::bytes)
      return '"' + measured(*whole, byte_units) + '"';
    return std::to_string(*whole);
  }
  if (const auto* real = std::get_if<double>(&value))
    return exact_text(*real);
  if (const auto* text = std::get_if<std::string>(&value))
    return in_quotes(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::string out = "[";
    for (const auto& item : *list)
      out += (out.size() == 1 ? "" : ", ") + in_quotes(item);
    return out + "]";
  }
  return "(unset)";
}

} // namespace flipsync::config
