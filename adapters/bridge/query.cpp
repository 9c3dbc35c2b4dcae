#include "adapters/bridge/query.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/bridge/percent.hpp"
#include "runtime/core/text/utf8.hpp"

namespace flipsync {

namespace {

constexpr std::int64_t million = 1'000'000;

error wrong_parameter(std::string_view name, const std::string& why) {
  return error{errc::invalid_request, "the parameter " + std::string{name} + " " + why}.with(
    "field", std::string{name});
}

std::string range_of(const query_field& field) {
  return std::to_string(field.min) + " to " + std::to_string(field.max);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

/// Up to nine digits, a point and up to six more, in millionths.
std::optional<std::int64_t> decimal_number(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative)
    text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto rest =
    point == std::string_view::npos ? std::string_view{"0"} : text.substr(point + 1);
  const auto digits = [](std::string_view part, std::size_t most) {
    return !part.empty() && part.size() <= most
           && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(whole, 9) || !digits(rest, 6))
    return std::nullopt;
  auto value = *whole_number(whole) * million;
  auto scale = million / 10;
  for (const char c : rest) {
    value += (c - '0') * scale;
    scale /= 10;
  }
  return negative ? -value : value;
}

bool is_choice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const auto bar = choices.find('|');
    if (choices.substr(0, bar) == text)
      return true;
    choices = bar == std::string_view::npos ? std::string_view{} : choices.substr(bar + 1);
  }
  return false;
}

std::string spelled(std::string_view choices) {
  std::string out;
  for (const char c : choices)
    if (c == '|')
      out += ", ";
    else
      out += c;
  return out;
}

const query_field* declared_as(std::span<const query_field> declared, std::string_view name) {
  const auto found = std::find_if(declared.begin(), declared.end(),
                                  [&](const query_field& f) { return f.name == name; });
  return found == declared.end() ? nullptr : &*found;
}

} // namespace

result<query_values::value> query_values::read(const query_field& field, std::string text) {
  value out{field.name, std::move(text), 0};
  std::optional<std::int64_t> number;
  switch (field.type) {
  case query_type::text:
    if (!utf8_length(out.text))
      return wrong_parameter(field.name, "is not UTF-8");
    if (static_cast<std::int64_t>(out.text.size()) < field.min
        || static_cast<std::int64_t>(out.text.size()) > field.max)
      return wrong_parameter(field.name, "takes " + range_of(field) + " bytes");
    return out;
  case query_type::whole:
    number = whole_number(out.text);
    if (!number || *number < field.min || *number > field.max)
      return wrong_parameter(field.name, "takes a whole number from " + range_of(field));
    break;
  case query_type::decimal:
    number = decimal_number(out.text);
    if (!number || *number < field.min * million || *number > field.max * million)
      return wrong_parameter(field.name, "takes a number from " + range_of(field)
                                           + " with at most six decimals");
    break;
  case query_type::flag:
    if (!out.text.empty() && out.text != "true" && out.text != "false")
      return wrong_parameter(field.name, "is true or false");
    number = out.text == "false" ? 0 : 1;
    break;
  case query_type::choice:
    if (!is_choice(field.choices, out.text))
      return wrong_parameter(field.name, "is one of " + spelled(field.choices));
    return out;
  }
  out.number = *number;
  return out;
}

result<query_values> query_values::parse(std::string_view raw,
                                         std::span<const query_field> declared) {
  query_values out;
  while (!raw.empty()) {
    const auto amp = raw.find('&');
    const auto pair = raw.substr(0, amp);
    raw = amp == std::string_view::npos ? std::string_view{} : raw.substr(amp + 1);
    if (pair.empty())
      continue;
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), true);
    auto text = equals == std::string_view::npos ? std::string{}
                                                 : percent_decode(pair.substr(equals + 1), true);
    if (!name || !text)
      return error{errc::invalid_request, "the query string is not percent-encoded"}.with("field",
                                                                                          "query");
    const auto* field = declared_as(declared, *name);
    if (field == nullptr)
      return error{errc::invalid_request, "this route has no such parameter"}.with(
        "field", !name->empty() && utf8_length(*name) ? *name : "query");
    if (out.find(*name) != nullptr)
      return wrong_parameter(field->name, "is given twice");
    auto read_value = read(*field, std::move(*text));
    if (!read_value)
      return read_value.error();
    out.values_.push_back(std::move(*read_value));
  }
  for (const auto& field : declared)
    if (field.required && out.find(field.name) == nullptr)
      return wrong_parameter(field.name, "is missing");
  return out;
}

const query_values::value* query_values::find(std::string_view name) const noexcept {
  const auto found =
    std::find_if(values_.begin(), values_.end(), [&](const value& v) { return v.name == name; });
  return found == values_.end() ? nullptr : &*found;
}

std::optional<std::string_view> query_values::text(std::string_view name) const noexcept {
  const auto* found = find(name);
  return found != nullptr ? std::optional<std::string_view>{found->text} : std::nullopt;
}

std::optional<std::int64_t> query_values::whole(std::string_view name) const noexcept {
  const auto* found = find(name);
  return found != nullptr ? std::optional{found->number} : std::nullopt;
}

std::optional<std::int64_t> query_values::millionths(std::string_view name) const noexcept {
  return whole(name);
}

bool query_values::flag(std::string_view name) const noexcept {
  return whole(name).value_or(0) != 0;
}

} // namespace flipsync
