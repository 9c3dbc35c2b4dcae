#include "runtime/core/wire/request_reader.hpp"

#include <chrono>
#include <cmath>
#include <iterator>

#include "runtime/core/wire/json_input.hpp"

namespace flipsync::wire {

namespace {

/// Beyond it an amount is nonsense, and its millionths would not fit 64 bits.
constexpr double max_dollars = 1e9;

} // namespace

template <std::string turn_request::*Field>
result<void> request_reader::text(std::string_view name, element value) {
  std::string_view found;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(name, "a string");
  request_.*Field = found;
  return {};
}

template <bool turn_request::*Field>
result<void> request_reader::flag(std::string_view name, element value) {
  if (value.get(request_.*Field) != simdjson::SUCCESS)
    return wrong_type(name, "true or false");
  return {};
}

result<void> request_reader::context(std::string_view name, element value) {
  if (value.is_object() || value.is_array()) {
    request_.context = simdjson::minify(value);
    return {};
  }
  if (!value.is_string())
    return wrong_type(name, "a string, an object or an array");
  return text<&turn_request::context>(name, value);
}

result<void> request_reader::who(std::string_view name, element value) {
  std::string_view found;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(name, "a string");
  auto parsed = parse_audience(found);
  if (!parsed)
    return parsed.error();
  request_.who = *parsed;
  return {};
}

result<void> request_reader::prefer(std::string_view name, element value) {
  std::string_view found;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(name, "a string");
  auto parsed = parse_priority(found);
  if (!parsed)
    return parsed.error();
  request_.prefer = *parsed;
  return {};
}

result<void> request_reader::timeout(std::string_view name, element value) {
  std::int64_t found = 0;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(name, "a whole number of milliseconds");
  request_.timeout = std::chrono::milliseconds{found};
  return {};
}

result<void> request_reader::max_cost(std::string_view name, element value) {
  double found = 0;
  if (value.get(found) != simdjson::SUCCESS)
    return wrong_type(name, "a number of dollars");
  if (found < 0 || found > max_dollars)
    return wrong_type(name, "between 0 and 1000000000");
  request_.max_cost = usd_of(found);
  return {};
}

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
  {"detach", &request_reader::flag<&turn_request::detach>},
  {"age_confirmed", &request_reader::flag<&turn_request::age_confirmed>},
};

result<void> request_reader::member(std::string_view name, element value) {
  for (std::size_t i = 0; i < std::size(rules); ++i) {
    if (rules[i].name != name)
      continue;
    if ((seen_ & (1U << i)) != 0)
      return wrong_field(name, std::string{name} + " is given twice");
    seen_ |= 1U << i;
    // Clients that send every field write null where they have nothing to say.
    return value.is_null() ? result<void>{} : (this->*rules[i].set)(name, value);
  }
  return wrong_field(name, "there is no field of this name");
}

} // namespace flipsync::wire
