#include "runtime/core/wire/json_input.hpp"

#include <algorithm>
#include <optional>

namespace flipsync::wire {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t max_depth = 16;

/// Enough of the JSON grammar to cut a broken object into its members, so that an error can name
/// one.
class member_scanner {
public:
  explicit member_scanner(std::string_view json) : rest_{json} {
    skip_space();
    take('{');
  }

  struct member {
    std::string_view name;
    std::string_view value;
  };

  std::optional<member> next() {
    skip_space();
    take(',');
    skip_space();
    const auto name = value();
    if (name.size() < 2 || name.front() != '"')
      return std::nullopt;
    skip_space();
    if (!take(':'))
      return std::nullopt;
    skip_space();
    return member{name.substr(1, name.size() - 2), value()};
  }

private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  /// Up to the comma, colon or bracket that ends a value, outside of strings and inner brackets.
  std::string_view value() {
    std::size_t depth = 0;
    std::size_t at = 0;
    bool quoted = false;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (quoted) {
        at += c == '\\' ? 1 : 0;
        quoted = c != '"';
        continue;
      }
      if (depth == 0 && (c == ',' || c == ':' || c == '}' || c == ']'))
        break;
      quoted = c == '"';
      depth += c == '{' || c == '[' ? 1 : 0;
      depth -= c == '}' || c == ']' ? 1 : 0;
    }
    const auto found = rest_.substr(0, at);
    rest_.remove_prefix(found.size());
    return found;
  }

  std::string_view rest_;
};

/// Parses a copy that has the padding which simdjson reads beyond the end.
simdjson::simdjson_result<dom::element> parse_padded(dom::parser& parser, std::string_view json) {
  thread_local std::string padded;
  padded.assign(json).append(simdjson::SIMDJSON_PADDING, ' ');
  return parser.parse(padded.data(), json.size(), false);
}

/// As an array's element, so that it lies as deep as it did in its object.
bool parses(dom::parser& parser, std::string_view value) {
  const auto nested = '[' + std::string{value} + ']';
  return parse_padded(parser, nested).error() == simdjson::SUCCESS;
}

/// The first member whose value is broken; `whole` where the fault lies elsewhere.
std::string broken_field(dom::parser& parser, std::string_view json, const char* whole) {
  member_scanner scan{json};
  while (const auto member = scan.next())
    if (!parses(parser, member->value) && !member->name.empty())
      return std::string{member->name};
  return whole;
}

std::string reason_of(simdjson::error_code code) {
  switch (code) {
  case simdjson::EMPTY:
    return "is empty; a JSON object is wanted";
  case simdjson::UTF8_ERROR:
    return "is not valid UTF-8";
  case simdjson::DEPTH_ERROR:
    return "is nested deeper than " + std::to_string(max_depth) + " levels";
  case simdjson::NUMBER_ERROR:
    return "holds a number that is malformed or out of range";
  case simdjson::STRING_ERROR:
    return "holds a malformed string";
  default:
    return "is not valid JSON";
  }
}

/// Reused by the thread, since its buffers cost more than the parsing.
dom::parser& thread_parser() {
  thread_local dom::parser parser;
  return parser;
}

} // namespace

error wrong_field(std::string_view field, std::string message) {
  constexpr std::size_t longest_name = 64;
  if (field.empty())
    field = "body";
  return error{errc::invalid_request, std::move(message)}.with(
    "field", std::string{field.substr(0, longest_name)});
}

error wrong_type(std::string_view field, const char* wanted) {
  return wrong_field(field, std::string{field} + " must be " + wanted);
}

result<dom::object> parse_object(std::string_view json, const char* whole) {
  auto& parser = thread_parser();
  constexpr std::size_t least_capacity = 4096;
  if (parser.capacity() < json.size() || parser.max_depth() != max_depth)
    if (parser.allocate(std::max(json.size(), least_capacity), max_depth) != simdjson::SUCCESS)
      return error{errc::internal, "no memory to parse the request"};
  auto document = parse_padded(parser, json);
  if (const auto code = document.error(); code != simdjson::SUCCESS) {
    const auto field =
      code == simdjson::EMPTY ? std::string{whole} : broken_field(parser, json, whole);
    return wrong_field(field, field + " " + reason_of(code));
  }
  dom::object body;
  if (document.get(body) != simdjson::SUCCESS)
    return wrong_field(whole, std::string{whole} + " must be a JSON object");
  return body;
}

} // namespace flipsync::wire
