#include "adapters/bridge/completions/json_fields.hpp"

namespace flipsync::completions {

namespace {

/// Longer names of unknown fields are cut where an error names them.
constexpr std::size_t longest_shown_name = 64;

std::string reason_of(simdjson::error_code code, std::size_t max_depth) {
  switch (code) {
  case simdjson::EMPTY:
    return "is empty; a JSON object is wanted";
  case simdjson::UTF8_ERROR:
    return "is not valid UTF-8";
  case simdjson::DEPTH_ERROR:
    return "is nested deeper than " + std::to_string(max_depth) + " levels";
  case simdjson::NUMBER_ERROR:
    return "holds a number that is malformed or out of range";
  default:
    return "is not valid JSON";
  }
}

std::string shown(double value) {
  auto text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

} // namespace

error wrong(std::string field, const std::string& message) {
  return error{errc::invalid_request, message}.with("field", std::move(field));
}

error wrong_type(const std::string& field, std::string_view wanted) {
  return wrong(field, field + " must be " + std::string{wanted});
}

error unknown_field(const std::string& field) {
  return wrong(field, field + " is not supported; docs/api.md lists the fields that are");
}

result<dom::object> parse_object(std::string_view json, std::size_t max_depth) {
  // Reused by the thread, since their buffers cost more than the parsing.
  thread_local dom::parser parser;
  thread_local std::string padded;
  constexpr std::size_t least_capacity = 4096;
  if (parser.capacity() < json.size() || parser.max_depth() != max_depth)
    if (parser.allocate(std::max(json.size(), least_capacity), max_depth) != simdjson::SUCCESS)
      return error{errc::internal, "no memory to parse the request"};
  padded.assign(json).append(simdjson::SIMDJSON_PADDING, ' ');
  const auto document = parser.parse(padded.data(), json.size(), false);
  if (const auto code = document.error(); code != simdjson::SUCCESS)
    return wrong("body", "the body " + reason_of(code, max_depth));
  dom::object body;
  if (document.get(body) != simdjson::SUCCESS)
    return wrong_type("body", "a JSON object");
  return body;
}

result<std::string> read_text(const std::string& field, dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS)
    return wrong_type(field, "a string");
  return std::string{text};
}

result<std::int64_t> read_whole(const std::string& field, dom::element value, std::int64_t least,
                                std::int64_t most) {
  std::int64_t found = 0;
  if (value.get(found) != simdjson::SUCCESS || found < least || found > most)
    return wrong_type(field, "a whole number from " + std::to_string(least) + " to "
                               + std::to_string(most));
  return found;
}

result<double> read_number(const std::string& field, dom::element value, double least,
                           double most) {
  double found = 0;
  if (value.get(found) != simdjson::SUCCESS || found < least || found > most)
    return wrong_type(field, "a number from " + shown(least) + " to " + shown(most));
  return found;
}

result<bool> read_flag(const std::string& field, dom::element value) {
  bool found = false;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(field, "true or false");
  return found;
}

result<dom::object> read_object(const std::string& field, dom::element value) {
  dom::object found;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(field, "an object");
  return found;
}

result<dom::array> read_array(const std::string& field, dom::element value) {
  dom::array found;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(field, "an array");
  return found;
}

std::string member_of(const std::string& path, std::string_view name) {
  // An error has to name something.
  name = name.empty() ? R"("")" : name.substr(0, longest_shown_name);
  return path.empty() ? std::string{name} : path + '.' + std::string{name};
}

std::string element_of(const std::string& path, std::size_t index) {
  return path + '[' + std::to_string(index) + ']';
}

} // namespace flipsync::completions
