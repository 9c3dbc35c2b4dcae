#include <catch2/catch_test_macros.hpp>

#include <random>

#include "runtime/core/wire/json.hpp"

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

/// The field that the error names; "" if the body was taken.
std::string refused_field(std::string_view body) {
  const auto parsed = wire::parse_turn_request(body);
  if (parsed)
    return "";
  CHECK(parsed.error().code == errc::invalid_request);
  CHECK_FALSE(parsed.error().message.empty());
  return std::string{parsed.error().detail("field")};
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

} // namespace

TEST_CASE("a full request is read field by field") {
  const auto r = wire::parse_turn_request(R"({
    "message": "Gr\u00fc\u00dfe \ud83d\ude00", "conversation_id": "c-1", "agent": "market",
    "audience": "shopper", "customer_id": "k7", "task": "summary", "priority": "cost",
    "timeout_ms": 1500, "max_cost_usd": 0.05, "locale": "de-DE", "context": "from the cart",
    "stream": true, "detach": false, "age_confirmed": true})");
  REQUIRE(r.has_value());
  CHECK(r->message == "Gr\u00fc\u00dfe \U0001F600");
  CHECK(r->conversation_id == "c-1");
  CHECK(r->agent == "market");
  CHECK(r->who == audience::shopper);
  CHECK(r->customer_id == "k7");
  CHECK(r->task == "summary");
  CHECK(r->prefer == priority::cost);
  CHECK(r->timeout == 1500ms);
  CHECK(r->max_cost == usd{50'000'000});
  CHECK(r->locale == "de-DE");
  CHECK(r->context == "from the cart");
  CHECK(r->stream);
  CHECK(r->age_confirmed);
}

TEST_CASE("what is left out or null keeps its default") {
  const auto r = wire::parse_turn_request(R"({"message":"hi","agent":null,"timeout_ms":null})");
  REQUIRE(r.has_value());
  CHECK(r->agent.empty());
  CHECK_FALSE(r->timeout);
  CHECK_FALSE(r->max_cost);
  CHECK(r->who == audience::any);
  CHECK(r->tenant == "default");
}

TEST_CASE("context may be JSON, which is handed on in compact form") {
  const auto r = wire::parse_turn_request(R"({"message":"x","context":{ "a": [1, 2] }})");
  REQUIRE(r.has_value());
  CHECK(r->context == R"({"a":[1,2]})");
}

TEST_CASE("what only a door may set is no field of the body") {
  CHECK(refused_field(R"({"message":"x","tenant":"other"})") == "tenant");
  CHECK(refused_field(R"({"message":"x","request_id":"1"})") == "request_id");
  CHECK(refused_field(R"({"message":"x","traceparent":"1"})") == "traceparent");
}

TEST_CASE("an unknown field is refused by its name, even one with odd characters") {
  CHECK(refused_field(R"({"message":"x","mesage":"y"})") == "mesage");
  CHECK(refused_field(R"({"message":"x","a\"b":1})") == "a\"b");
}

TEST_CASE("a field without a name, and a name without an end, still name something short") {
  for (const std::string json : {R"({"":1})", R"({"":tru})"}) {
    const auto parsed = wire::parse_turn_request(json);
    REQUIRE(!parsed);
    CHECK(parsed.error().detail("field") == "body");
  }
  const auto parsed = wire::parse_turn_request("{\"" + std::string(5000, 'x') + "\":1}");
  REQUIRE(!parsed);
  CHECK(parsed.error().detail("field") == std::string(64, 'x'));
}

TEST_CASE("a wrong type is refused by the field's name") {
  CHECK(refused_field(R"({"message":7})") == "message");
  CHECK(refused_field(R"({"message":["x"]})") == "message");
  CHECK(refused_field(R"({"audience":1})") == "audience");
  CHECK(refused_field(R"({"audience":"king"})") == "audience");
  CHECK(refused_field(R"({"priority":"soon"})") == "priority");
  CHECK(refused_field(R"({"priority":[]})") == "priority");
  CHECK(refused_field(R"({"timeout_ms":"1"})") == "timeout_ms");
  CHECK(refused_field(R"({"timeout_ms":1.5})") == "timeout_ms");
  CHECK(refused_field(R"({"max_cost_usd":"1"})") == "max_cost_usd");
  CHECK(refused_field(R"({"stream":1})") == "stream");
  CHECK(refused_field(R"({"age_confirmed":"yes"})") == "age_confirmed");
  CHECK(refused_field(R"({"context":1})") == "context");
}

TEST_CASE("a number out of range is refused by the field's name") {
  CHECK(refused_field(R"({"message":"x","timeout_ms":99999999999999999999})") == "timeout_ms");
  CHECK(refused_field(R"({"message":"x","timeout_ms":9999999999999999999})") == "timeout_ms");
  CHECK(refused_field(R"({"message":"x","max_cost_usd":1e999})") == "max_cost_usd");
  CHECK(refused_field(R"({"message":"x","max_cost_usd":1e10})") == "max_cost_usd");
  CHECK(refused_field(R"({"message":"x","max_cost_usd":-1})") == "max_cost_usd");
  CHECK(refused_field(R"({"message":"x","timeout_ms":01})") == "timeout_ms");
}

TEST_CASE("a field given twice is refused, since two readers may take different ones") {
  CHECK(refused_field(R"({"message":"x","message":"y"})") == "message");
  CHECK(refused_field(R"({"message":"x","agent":null,"agent":null})") == "agent");
}

TEST_CASE("a turn may go on without its client") {
  CHECK(wire::parse_turn_request(R"({"message":"x","detach":true})")->detach);
  CHECK_FALSE(wire::parse_turn_request(R"({"message":"x"})")->detach);
}

TEST_CASE("what is no JSON object is refused as the body") {
  for (const auto* body :
       {"", " ", "7", "[]", "null", "\"x\"", "{", "}", "{\"message\"",
        "{\"message\":", "{\"message\":\"x\"", "{\"message\":\"x\"}}", "{message:1}", "{,}", "nul",
        "{\"message\":\"x\",}", "\xEF\xBB\xBF{\"message\":\"x\"}x"}) {
    INFO(body);
    CHECK_FALSE(refused_field(body).empty());
  }
  CHECK(refused_field("[]") == "body");
  CHECK(refused_field("") == "body");
}

TEST_CASE("invalid UTF-8, escapes and controls in a value name its field") {
  CHECK(refused_field("{\"agent\":\"a\",\"message\":\"\xFF\"}") == "message");
  CHECK(refused_field("{\"message\":\"\xED\xA0\x80\"}") == "message");
  CHECK(refused_field(R"({"agent":"a","message":"\ud800"})") == "message");
  CHECK(refused_field(R"({"agent":"a","message":"\q"})") == "message");
  CHECK(refused_field("{\"agent\":\"a\",\"message\":\"a\nb\"}") == "message");
  CHECK(refused_field(R"({"agent":"a","message":tru})") == "message");
}

TEST_CASE("a NUL in a string is taken for what it is") {
  const auto r = wire::parse_turn_request(R"({"message":"a\u0000b"})");
  REQUIRE(r.has_value());
  CHECK(r->message == std::string_view{"a\0b", 3});
}

TEST_CASE("sixteen levels are taken, seventeen are refused by the field's name") {
  const auto body = [](std::size_t levels) {
    return R"({"message":"x","context":)" + nested(levels - 1) + "}";
  };
  CHECK(refused_field(body(2)).empty());
  CHECK(refused_field(body(16)).empty());
  CHECK(refused_field(body(17)) == "context");
  CHECK(refused_field(body(100'000)) == "context");
}

TEST_CASE("a long body is read after a short one and a short one after that") {
  const std::string text(200'000, 'x');
  CHECK(refused_field(R"({"message":"x"})").empty());
  const auto r = wire::parse_turn_request(R"({"message":")" + text + "\"}");
  REQUIRE(r.has_value());
  CHECK(r->message == text);
  CHECK(refused_field(R"({"message":"x"})").empty());
}

TEST_CASE("broken bodies of every kind are refused or taken, and never more") {
  const std::string good =
    R"({"message":"h\u00e9 \"q\"","timeout_ms":12,"context":{"a":[1,{"b":null}]}})";
  std::mt19937 random{7};
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto body = good;
    for (unsigned n = 1 + random() % 3; n > 0; --n) {
      const auto at = random() % body.size();
      switch (random() % 3) {
      case 0:
        body[at] = static_cast<char>(random());
        break;
      case 1:
        body.erase(at, 1 + random() % 4);
        break;
      default:
        body.insert(at, 1, "{}[]\",:\\"[random() % 8]);
      }
    }
    const auto parsed = wire::parse_turn_request(body);
    taken += parsed ? 1 : 0;
    if (!parsed)
      REQUIRE_FALSE(parsed.error().detail("field").empty());
  }
  CHECK(taken > 0);
  CHECK(taken < 20'000);
}
