#include "runtime/core/types/turn_request.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

turn_request sound() {
  turn_request request;
  request.message = "what should I charge for the kettle";
  return request;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += piece;
  return out;
}

std::string refused_field(const turn_request& request) {
  const auto checked = validate(request);
  return checked ? std::string{} : std::string{checked.error().detail("field")};
}

} // namespace

TEST_CASE("A plain request is valid, and so is one with every field set") {
  CHECK(validate(sound()).has_value());
  auto full = sound();
  full.conversation_id = "c:Ab-9_.x";
  full.agent = "pricing";
  full.who = audience::seller;
  full.customer_id = "Jürgen 7";
  full.task = "summary";
  full.prefer = priority::cost;
  full.timeout = 10min;
  full.max_cost = usd{0};
  full.locale = "de-Latn-DE";
  full.context = repeated("x", max_context_bytes);
  CHECK(validate(full).has_value());
}

TEST_CASE("A message's length is counted in characters, not bytes") {
  auto request = sound();
  request.message = repeated("\u00E9", max_message_length);
  CHECK(validate(request).has_value());
  request.message = repeated("\U0001F600", max_message_length);
  CHECK(validate(request).has_value());
  request.message += "x";
  const auto checked = validate(request);
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().detail("field") == "message");
}

TEST_CASE("A message that is not UTF-8 is refused") {
  for (const char* text : {"\xFF", "a\x80z", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "caf\xE9"}) {
    auto request = sound();
    request.message = text;
    const auto checked = validate(request);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == errc::invalid_request);
    CHECK(checked.error().detail("field") == "message");
  }
}

TEST_CASE("Each field out of range is refused by its name") {
  struct row {
    const char* field;
    std::function<void(turn_request&)> spoil;
  };
  const row rows[] = {
    {"message", [](turn_request& r) { r.message.clear(); }},
    {"message", [](turn_request& r) { r.message = " \n\t "; }},
    {"conversation_id", [](turn_request& r) { r.conversation_id = repeated("a", 129); }},
    {"conversation_id", [](turn_request& r) { r.conversation_id = "a b"; }},
    {"conversation_id", [](turn_request& r) { r.conversation_id = "a/b"; }},
    {"conversation_id", [](turn_request& r) { r.conversation_id = "\u00E9"; }},
    {"agent", [](turn_request& r) { r.agent = repeated("a", 129); }},
    {"agent", [](turn_request& r) { r.agent = "\xFF"; }},
    {"customer_id", [](turn_request& r) { r.customer_id = "\xC3"; }},
    {"task", [](turn_request& r) { r.task = "poetry"; }},
    {"timeout_ms", [](turn_request& r) { r.timeout = 0ms; }},
    {"timeout_ms", [](turn_request& r) { r.timeout = -5ms; }},
    {"timeout_ms", [](turn_request& r) { r.timeout = 10min + 1ms; }},
    {"max_cost_usd", [](turn_request& r) { r.max_cost = usd{-1}; }},
    {"locale", [](turn_request& r) { r.locale = "en_US"; }},
    {"locale", [](turn_request& r) { r.locale = "-en"; }},
    {"locale", [](turn_request& r) { r.locale = "en-"; }},
    {"locale", [](turn_request& r) { r.locale = "en--US"; }},
    {"locale", [](turn_request& r) { r.locale = repeated("a", 36); }},
    {"context", [](turn_request& r) { r.context = repeated("x", max_context_bytes + 1); }},
    {"context", [](turn_request& r) { r.context = "\xFE"; }},
    {"tenant", [](turn_request& r) { r.tenant = "a b"; }},
    {"request_id", [](turn_request& r) { r.request_id = repeated("r", 129); }},
  };
  for (const auto& row : rows) {
    INFO(row.field);
    auto request = sound();
    row.spoil(request);
    const auto checked = validate(request);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == errc::invalid_request);
    CHECK(checked.error().detail("field") == row.field);
  }
}

TEST_CASE("Audiences and priorities parse from their names and nothing else") {
  for (const auto a : {audience::any, audience::shopper, audience::seller})
    CHECK(parse_audience(to_string(a)).value() == a);
  for (const auto p : {priority::speed, priority::quality, priority::cost})
    CHECK(parse_priority(to_string(p)).value() == p);
  CHECK(parse_priority("").value() == priority::unset);
  CHECK(parse_audience("admin").error().detail("field") == "audience");
  CHECK(parse_audience("Shopper").has_error());
  CHECK(parse_priority("unset").error().detail("field") == "priority");
}

TEST_CASE("History is taken only of a conversation that the caller keeps, and within bounds") {
  auto request = sound();
  request.history = {{true, "earlier"}};
  CHECK(refused_field(request) == "history");
  request.kept = false;
  CHECK(validate(request).has_value());
  request.conversation_id = "c1";
  CHECK(refused_field(request) == "conversation_id");
  request.conversation_id.clear();
  request.history = {{true, std::string(max_history_bytes + 1, 'x')}};
  CHECK(refused_field(request) == "history");
  request.history.assign(max_history_messages + 1, {true, "x"});
  CHECK(refused_field(request) == "history");
  request.history = {{false, "\xff"}};
  CHECK(refused_field(request) == "history");
}
