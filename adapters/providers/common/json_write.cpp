#include "adapters/providers/common/json_write.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::providers {

namespace json = boost::json;

namespace {

void append(std::string& out, const json::value& value) {
  switch (value.kind()) {
  case json::kind::string:
    wire::append_string(out, value.get_string());
    return;
  case json::kind::object: {
    const char* before = "{";
    for (const auto& member : value.get_object()) {
      out += before;
      wire::append_string(out, member.key());
      out += ':';
      append(out, member.value());
      before = ",";
    }
    out += value.get_object().empty() ? "{}" : "}";
    return;
  }
  case json::kind::array:
    wire::append_array(out, value.get_array(), &append);
    return;
  case json::kind::bool_:
    out += value.get_bool() ? "true" : "false";
    return;
  case json::kind::int64:
    wire::append_integer(out, value.get_int64());
    return;
  case json::kind::uint64:
    wire::append_unsigned(out, value.get_uint64());
    return;
  case json::kind::double_:
    append_number(out, value.get_double());
    return;
  case json::kind::null:
    out += "null";
  }
}

} // namespace

void append_number(std::string& out, double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out += std::isfinite(value) ? std::string_view{digits.data(), end} : std::string_view{"null"};
}

std::string text_of(const json::value& value) {
  constexpr std::size_t usual = 2048;
  std::string out;
  out.reserve(usual);
  append(out, value);
  return out;
}

std::optional<json::value> read_json(std::string_view text) {
  constexpr std::size_t deepest = 64;
  json::parse_options options;
  options.max_depth = deepest;
  boost::system::error_code failed;
  auto value = json::parse(text, failed, {}, options);
  if (failed)
    return std::nullopt;
  return value;
}

json::object object_or_empty(std::string_view text) {
  auto value = read_json(text);
  return value && value->is_object() ? std::move(value->get_object()) : json::object{};
}

json::array function_tools(const std::vector<tool_spec>& tools) {
  json::array out;
  for (const auto& tool : tools) {
    json::object function{{"name", tool.name}};
    if (!tool.description.empty())
      function["description"] = tool.description;
    if (!tool.parameters.empty())
      function["parameters"] = object_or_empty(tool.parameters);
    out.push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  return out;
}

} // namespace flipsync::providers
