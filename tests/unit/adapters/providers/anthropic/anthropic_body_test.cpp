#include "adapters/providers/anthropic/anthropic_body.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "adapters/providers/anthropic/anthropic_codec.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

/// A model that neither thinks by itself nor refuses parameters.
constexpr auto plain_model = "claude-haiku-4-5-20251001";

boost::json::object body_of(model_request request, const std::string& model = plain_model) {
  request.model = model;
  return anthropic_body(request, {});
}

} // namespace

TEST_CASE("anthropic: the system prompt goes apart, and a limit always goes out") {
  auto request = ask(true);
  request.tuning.temperature = 1.4;
  request.tuning.top_p = 0.9;
  request.tuning.top_k = 40;
  request.tuning.seed = 7; // not theirs
  request.tuning.presence_penalty = 0.5;
  request.tuning.stop = {"END"};
  CHECK(body_of(request) == boost::json::parse(R"({
    "model": "claude-haiku-4-5-20251001", "max_tokens": 4096, "stream": true,
    "system": "You sell kitchen ware.", "temperature": 1.0, "top_k": 40, "stop_sequences": ["END"],
    "messages": [{"role": "user", "content": [
      {"type": "text", "text": "How much is the blue kettle, please?"}]}]})"));
  request.tuning.temperature.reset();
  CHECK(body_of(request).at("top_p") == 0.9);
  request.tuning.max_tokens = 100;
  CHECK(body_of(request).at("max_tokens") == 100);
}

TEST_CASE("anthropic: models that think get an effort, room for it, and no sampling") {
  auto request = ask(false);
  request.tuning.temperature = 0.7;
  request.tuning.top_k = 40;
  request.tuning.max_tokens = 500;
  const auto body = body_of(request, "claude-sonnet-5-5");
  CHECK(body.at("max_tokens") == 1524);
  CHECK(body.at("output_config") == boost::json::parse(R"({"effort": "low"})"));
  CHECK_FALSE(body.contains("temperature"));
  CHECK_FALSE(body.contains("top_k"));
  anthropic_settings as_they_do;
  as_they_do.effort.clear();
  as_they_do.thinking_tokens = 0;
  const auto bare = anthropic_body(request, as_they_do);
  CHECK(bare.at("max_tokens") == 500);
  CHECK_FALSE(bare.contains("output_config"));
}

TEST_CASE("anthropic: which models think is read from their names") {
  for (const auto* model : {"claude-haiku-5-5", "claude-sonnet-5", "claude-opus-4-7",
                            "claude-opus-4-8", "claude-fable-5-1", "anthropic/claude-opus-5-5"})
    CHECK(claude_thinks(model));
  for (const auto* model : {"claude-3-5-haiku-20241022", "claude-haiku-4-5-20251001",
                            "claude-opus-4-6", "claude-opus-4-20250514", "claude-sonnet-4-6",
                            "claude", "claude-", "claude-x", "MiniMax-M2", "claude-instant", ""})
    CHECK_FALSE(claude_thinks(model));
}

TEST_CASE("anthropic: calls are blocks of the answer, and their answers one message") {
  auto request = ask_with_tools(false);
  request.messages.push_back({chat_role::user, "And the red one?", {}, {}});
  const auto body = body_of(request);
  const auto& messages = body.at("messages").as_array();
  REQUIRE(messages.size() == 3);
  CHECK(messages[1] == boost::json::parse(R"({"role": "assistant", "content": [
    {"type": "tool_use", "id": "call_a", "name": "find_product", "input": {"sku": "K-1"}},
    {"type": "tool_use", "id": "call_b", "name": "list_shops", "input": {}}]})"));
  CHECK(messages[2] == boost::json::parse(R"({"role": "user", "content": [
    {"type": "tool_result", "tool_use_id": "call_a", "content": "{\"price\":24.5}"},
    {"type": "tool_result", "tool_use_id": "call_b", "content": "three shops"},
    {"type": "text", "text": "And the red one?"}]})"));
  CHECK(body.at("tools") == boost::json::parse(R"([
    {"name": "find_product", "description": "Finds a product.", "input_schema": {
      "type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}},
    {"name": "list_shops", "input_schema": {"type": "object"}}])"));
  CHECK_FALSE(body.contains("tool_choice"));
}

TEST_CASE("anthropic: each tool choice has its form where the model takes it") {
  auto request = ask_with_tools(false);
  request.choice.what = tool_choice::kind::required;
  CHECK(body_of(request).at("tool_choice") == boost::json::parse(R"({"type": "any"})"));
  request.choice = {tool_choice::kind::named, "list_shops"};
  CHECK(body_of(request).at("tool_choice")
        == boost::json::parse(R"({"type": "tool", "name": "list_shops"})"));
  request.choice.what = tool_choice::kind::none;
  CHECK(body_of(request).at("tool_choice") == boost::json::parse(R"({"type": "none"})"));
}

TEST_CASE("anthropic: a model that cannot be forced is asked, among the named tool alone") {
  auto request = ask_with_tools(false);
  request.choice = {tool_choice::kind::named, "list_shops"};
  const auto body = body_of(request, "claude-sonnet-5-5");
  CHECK_FALSE(body.contains("tool_choice"));
  REQUIRE(body.at("tools").as_array().size() == 1);
  CHECK(body.at("tools").at(0).at("name") == "list_shops");
  CHECK(body.at("system").as_string().find("with a call of a tool") != std::string::npos);
  request.choice.what = tool_choice::kind::none;
  CHECK(body_of(request, "claude-sonnet-5-5").at("tool_choice").at("type") == "none");
}

TEST_CASE("anthropic: a schema goes out closed, an object without one in words") {
  auto request = ask(false);
  request.format = {answer_format::kind::json_schema, "", R"({"type": "object", "properties": {
    "lines": {"type": "array", "items": {"type": "object", "properties": {}}},
    "maybe": {"type": ["object", "null"], "properties": {}},
    "text": {"type": ["string", "null"]},
    "open": {"type": "object", "additionalProperties": true}}})",
                    false};
  CHECK(body_of(request).at("output_config") == boost::json::parse(R"({"format": {
    "type": "json_schema", "schema": {"type": "object", "additionalProperties": false,
      "properties": {
        "lines": {"type": "array", "items": {"type": "object", "properties": {},
                                             "additionalProperties": false}},
        "maybe": {"type": ["object", "null"], "properties": {}, "additionalProperties": false},
        "text": {"type": ["string", "null"]},
        "open": {"type": "object", "additionalProperties": true}}}}})"));
  request.format = {answer_format::kind::json_object, "", "", false};
  const auto body = body_of(request);
  CHECK_FALSE(body.contains("output_config"));
  CHECK(
    body.at("system").as_string().starts_with("You sell kitchen ware.\n\nAnswer with one JSON"));
}

TEST_CASE("anthropic: ids of another vendor and broken arguments are made to fit") {
  auto request = ask_with_tools(false);
  request.messages.edit(2).tool_calls[0] = {"functions.find:0", "find_product", "{broken"};
  request.messages.edit(3).tool_call_id = "functions.find:0";
  const auto body = body_of(request);
  const auto& call = body.at("messages").at(1).at("content").at(0);
  CHECK(call.at("id").as_string().starts_with("call"));
  CHECK(call.at("input") == boost::json::object{});
  CHECK(body.at("messages").at(2).at("content").at(0).at("tool_use_id") == call.at("id"));
}
