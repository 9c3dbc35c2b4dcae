#include "adapters/providers/gemini/gemini_body.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "adapters/providers/gemini/gemini_codec.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

boost::json::object body_of(model_request request, const std::string& model = "gemini-2.5-flash") {
  request.model = model;
  return gemini_body(request, {});
}

} // namespace

TEST_CASE("gemini: the system prompt goes apart, and every option has its place") {
  auto request = ask(true);
  request.tuning.temperature = 0.7;
  request.tuning.top_p = 0.9;
  request.tuning.top_k = 40;
  request.tuning.max_tokens = 512;
  request.tuning.seed = 7;
  request.tuning.presence_penalty = 0.5;
  request.tuning.frequency_penalty = -0.5;
  request.tuning.stop = {"END"};
  CHECK(body_of(request) == boost::json::parse(R"({
    "systemInstruction": {"parts": [{"text": "You sell kitchen ware."}]},
    "contents": [{"role": "user", "parts": [{"text": "How much is the blue kettle, please?"}]}],
    "generationConfig": {"temperature": 0.7, "topP": 0.9, "topK": 40, "maxOutputTokens": 512,
      "seed": 7, "presencePenalty": 0.5, "frequencyPenalty": -0.5, "stopSequences": ["END"]}})"));
  CHECK_FALSE(body_of(ask(false)).contains("generationConfig"));
}

TEST_CASE("gemini: models that think get a level, and room for it") {
  auto request = ask(false);
  request.tuning.max_tokens = 500;
  const auto body = body_of(request, "gemini-3.8-flash");
  CHECK(body.at("generationConfig") == boost::json::parse(R"({
    "maxOutputTokens": 1524, "thinkingConfig": {"thinkingLevel": "low"}})"));
  for (const auto* model : {"gemini-3-flash-preview", "gemini-3.5-flash-lite",
                            "gemini-flash-latest", "models/gemini-3.8-flash", "gemini-4"})
    CHECK(gemini_thinks(model));
  for (const auto* model : {"gemini-2.5-pro", "gemini-1.5-flash", "gemma-3-27b-it", "gemini-", ""})
    CHECK_FALSE(gemini_thinks(model));
}

TEST_CASE("gemini: calls and their answers are parts, named and in order") {
  const auto body = body_of(ask_with_tools(false));
  const auto& contents = body.at("contents").as_array();
  REQUIRE(contents.size() == 3);
  CHECK(contents[1] == boost::json::parse(R"({"role": "model", "parts": [
    {"functionCall": {"name": "find_product", "args": {"sku": "K-1"}}},
    {"functionCall": {"name": "list_shops", "args": {}}}]})"));
  CHECK(contents[2] == boost::json::parse(R"({"role": "user", "parts": [
    {"functionResponse": {"name": "find_product", "response": {"price": 24.5}}},
    {"functionResponse": {"name": "list_shops", "response": {"result": "three shops"}}}]})"));
  CHECK(body.at("tools") == boost::json::parse(R"([{"functionDeclarations": [
    {"name": "find_product", "description": "Finds a product.", "parametersJsonSchema": {
      "type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}},
    {"name": "list_shops", "description": "list_shops"}]}])"));
  CHECK_FALSE(body.contains("toolConfig"));
}

TEST_CASE("gemini: answers that came in another order go out in that of their calls") {
  auto request = ask_with_tools(false);
  const auto in_order = body_of(request);
  auto messages = request.messages.items();
  std::swap(messages.end()[-2], messages.back());
  request.messages = std::move(messages);
  CHECK(body_of(request) == in_order);
}

TEST_CASE("gemini: models that sign their calls get a signature with the first of an answer") {
  const auto body = body_of(ask_with_tools(false), "gemini-3.8-flash");
  const auto& parts = body.at("contents").at(1).at("parts").as_array();
  CHECK(parts[0].as_object().contains("thoughtSignature"));
  CHECK_FALSE(parts[1].as_object().contains("thoughtSignature"));
}

TEST_CASE("gemini: each tool choice has its mode") {
  auto request = ask_with_tools(false);
  const auto mode = [&] { return body_of(request).at("toolConfig").at("functionCallingConfig"); };
  request.choice.what = tool_choice::kind::required;
  CHECK(mode() == boost::json::parse(R"({"mode": "ANY"})"));
  request.choice.what = tool_choice::kind::none;
  CHECK(mode() == boost::json::parse(R"({"mode": "NONE"})"));
  request.choice = {tool_choice::kind::named, "list_shops"};
  CHECK(mode() == boost::json::parse(R"({"mode": "ANY", "allowedFunctionNames": ["list_shops"]})"));
}

TEST_CASE("gemini: answer formats are a type, and a schema beside it") {
  auto request = ask(false);
  request.format.what = answer_format::kind::json_object;
  CHECK(body_of(request).at("generationConfig")
        == boost::json::parse(R"({"responseMimeType": "application/json"})"));
  request.format = price_format();
  CHECK(body_of(request).at("generationConfig").at("responseJsonSchema")
        == boost::json::parse(request.format.schema));
}
