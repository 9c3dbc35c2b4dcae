/// Reads a turn request (API.md: turn request).

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "runtime/core/wire/json.hpp"

namespace flipsync::wire {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t max_depth = 16;
/// Beyond it an amount is nonsense, and its millionths would not fit 64 bits.
constexpr double max_dollars = 1e9;

/// Names come from the caller: a long one is cut, and one that is empty names nothing.
error wrong(std::string_view field, std::string message) {
  constexpr std::size_t longest_name = 64;
  if (field.empty())
    field = "body";
  return error{errc::invalid_request, std::move(message)}.with(
    "field", std::string{field.substr(0, longest_name)});
}

error wrong_type(std::string_view field, const char* wanted) {
  return wrong(field, std::string{field} + " must be " + wanted);
}

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

/// The first member whose value is broken; "body" where the fault lies elsewhere.
std::string broken_field(dom::parser& parser, std::string_view json) {
  member_scanner scan{json};
  while (const auto member = scan.next())
    if (!parses(parser, member->value) && !member->name.empty())
      return std::string{member->name};
  return "body";
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

/// Reads members into a request; each member at most once.
class request_reader {
public:
  result<turn_request> read(dom::object body) {
    for (const auto [name, value] : body)
      if (auto done = member(name, value); !done)
        return done.error();
    return std::move(request_);
  }

private:
  using element = dom::element;
  using setter = result<void> (request_reader::*)(std::string_view, element);
  struct rule {
    std::string_view name;
    setter set;
  };
  static const rule rules[];

  result<void> member(std::string_view name, element value);

  template <std::string turn_request::*Field>
  result<void> text(std::string_view name, element value) {
    std::string_view found;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "a string");
    request_.*Field = found;
    return {};
  }

  template <bool turn_request::*Field>
  result<void> flag(std::string_view name, element value) {
    if (value.get(request_.*Field) != simdjson::SUCCESS)
      return wrong_type(name, "true or false");
    return {};
  }

  result<void> context(std::string_view name, element value) {
    if (value.is_object() || value.is_array()) {
      request_.context = simdjson::minify(value);
      return {};
    }
    if (!value.is_string())
      return wrong_type(name, "a string, an object or an array");
    return text<&turn_request::context>(name, value);
  }

  result<void> who(std::string_view name, element value) {
    std::string_view found;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "a string");
    auto parsed = parse_audience(found);
    if (!parsed)
      return parsed.error();
    request_.who = *parsed;
    return {};
  }

  result<void> prefer(std::string_view name, element value) {
    std::string_view found;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "a string");
    auto parsed = parse_priority(found);
    if (!parsed)
      return parsed.error();
    request_.prefer = *parsed;
    return {};
  }

  result<void> timeout(std::string_view name, element value) {
    std::int64_t found = 0;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "a whole number of milliseconds");
    request_.timeout = std::chrono::milliseconds{found};
    return {};
  }

  result<void> max_cost(std::string_view name, element value) {
    double found = 0;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "a number of dollars");
    if (found < 0 || found > max_dollars)
      return wrong_type(name, "between 0 and 1000000000");
    request_.max_cost = usd{std::llround(found * 1e6)};
    return {};
  }

  /// Finishing a turn after its client has gone is not offered; saying nothing about it would lie.
  result<void> detach(std::string_view name, element value) {
    bool found = false;
    if (value.get(found) != simdjson::SUCCESS)
      return wrong_type(name, "true or false");
    if (found)
      return wrong(name, "detach is not available");
    return {};
  }

  turn_request request_;
  unsigned seen_ = 0; ///< one bit per rule
};

const request_reader::rule request_reader::rules[]{
  {"message", &request_reader::text<&turn_request::message>},
  {"conversation_id", &request_reader::text<&turn_request::conversation_id>},
  {"agent", &request_reader::text<&turn_request::agent>},
  {"audience", &request_reader::who},
  {"customer_id", &request_reader::text<&turn_request::customer_id>},
  {"task", &request_reader::text<&turn_request::task>},
  {"priority", &request_reader::prefer},
  {"timeout_ms", &request_reader::timeout},
  {"max_cost_usd", &request_reader::max_cost},
  {"locale", &request_reader::text<&turn_request::locale>},
  {"context", &request_reader::context},
  {"stream", &request_reader::flag<&turn_request::stream>},
  {"detach", &request_reader::detach},
  {"age_confirmed", &request_reader::flag<&turn_request::age_confirmed>},
};

result<void> request_reader::member(std::string_view name, element value) {
  for (std::size_t i = 0; i < std::size(rules); ++i) {
    if (rules[i].name != name)
      continue;
    if ((seen_ & (1U << i)) != 0)
      return wrong(name, std::string{name} + " is given twice");
    seen_ |= 1U << i;
    // Clients that send every field write null where they have nothing to say.
    return value.is_null() ? result<void>{} : (this->*rules[i].set)(name, value);
  }
  return wrong(name, "there is no field of this name");
}

/// Reused by the thread, since its buffers cost more than the parsing.
dom::parser& thread_parser() {
  thread_local dom::parser parser;
  return parser;
}

} // namespace

result<turn_request> parse_turn_request(std::string_view json) {
  auto& parser = thread_parser();
  constexpr std::size_t least_capacity = 4096;
  if (parser.capacity() < json.size() || parser.max_depth() != max_depth)
    if (parser.allocate(std::max(json.size(), least_capacity), max_depth) != simdjson::SUCCESS)
      return error{errc::internal, "no memory to parse the request"};
  auto document = parse_padded(parser, json);
  if (const auto code = document.error(); code != simdjson::SUCCESS) {
    const auto field = code == simdjson::EMPTY ? "body" : broken_field(parser, json);
    return wrong(field, field + " " + reason_of(code));
  }
  dom::object body;
  if (document.get(body) != simdjson::SUCCESS)
    return wrong("body", "body must be a JSON object");
  return request_reader{}.read(body);
}

} // namespace flipsync::wire
