/// Tools, answer formats and sampling options in OpenAI's protocol.

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "adapters/providers/openai/openai_codec.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

const auto tools_codec = make_openai_codec({});
constexpr auto stream_type = "text/event-stream";
constexpr auto whole_type = "application/json";

boost::json::value body_of(const model_request& request) {
  return boost::json::parse(tools_codec->encode(request).body);
}

decoded whole(std::string_view body) {
  return decode(*tools_codec, ask(false), head_of(200, whole_type), body);
}

} // namespace

TEST_CASE("openai: tools, calls and their answers go out in the protocol's form") {
  const auto body = body_of(ask_with_tools(false)).as_object();
  CHECK(body.at("tools") == boost::json::parse(R"([
    {"type": "function", "function": {"name": "find_product", "description": "Finds a product.",
     "parameters": {"type": "object", "properties": {"sku": {"type": "string"}},
                    "required": ["sku"]}}},
    {"type": "function", "function": {"name": "list_shops"}}])"));
  const auto& messages = body.at("messages").as_array();
  REQUIRE(messages.size() == 5);
  CHECK(messages[2] == boost::json::parse(R"({"role": "assistant", "content": null, "tool_calls": [
    {"id": "call_a", "type": "function",
     "function": {"name": "find_product", "arguments": "{\"sku\":\"K-1\"}"}},
    {"id": "call_b", "type": "function", "function": {"name": "list_shops", "arguments": "{}"}}]})"));
  CHECK(messages[3]
        == boost::json::parse(
          R"({"role": "tool", "tool_call_id": "call_a", "content": "{\"price\":24.5}"})"));
  CHECK_FALSE(body.contains("tool_choice"));
  CHECK_FALSE(body.contains("response_format"));
}

TEST_CASE("openai: each tool choice has its form, and means nothing without tools") {
  auto request = ask_with_tools(false);
  request.choice.what = tool_choice::kind::none;
  CHECK(body_of(request).at("tool_choice") == "none");
  request.choice.what = tool_choice::kind::required;
  CHECK(body_of(request).at("tool_choice") == "required");
  request.choice = {tool_choice::kind::named, "list_shops"};
  CHECK(body_of(request).at("tool_choice")
        == boost::json::parse(R"({"type": "function", "function": {"name": "list_shops"}})"));
  auto plain = ask(false);
  plain.choice.what = tool_choice::kind::none;
  CHECK_FALSE(body_of(plain).as_object().contains("tool_choice"));
}

TEST_CASE("openai: answer formats are response_format") {
  auto request = ask(false);
  request.format.what = answer_format::kind::json_object;
  CHECK(body_of(request).at("response_format") == boost::json::parse(R"({"type":"json_object"})"));
  request.format = price_format();
  CHECK(body_of(request).at("response_format") == boost::json::parse(R"({
    "type": "json_schema", "json_schema": {"name": "price", "strict": true, "schema": {
      "type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"],
      "additionalProperties": false}}})"));
  request.format.name.clear();
  CHECK(body_of(request).at("response_format").at("json_schema").at("name") == "answer");
}

TEST_CASE("openai: seed and penalties go out, penalties not to models that reason") {
  auto request = ask(false);
  request.tuning.seed = 7;
  request.tuning.presence_penalty = 0.5;
  request.tuning.frequency_penalty = -0.25;
  auto body = body_of(request).as_object();
  CHECK(body.at("seed") == 7);
  CHECK(body.at("presence_penalty") == 0.5);
  CHECK(body.at("frequency_penalty") == -0.25);
  request.model = "o3";
  body = body_of(request).as_object();
  CHECK(body.at("seed") == 7);
  CHECK_FALSE(body.contains("presence_penalty"));
  CHECK_FALSE(body.contains("frequency_penalty"));
}

TEST_CASE("openai: ids that another vendor made are made to fit, a call's and its answer's alike") {
  auto request = ask_with_tools(false);
  const std::string strange(200, '~');
  request.messages.edit(2).tool_calls[0].id = strange;
  request.messages.edit(3).tool_call_id = strange;
  const auto body = body_of(request);
  const auto& sent = body.at("messages").at(2).at("tool_calls").at(0).at("id").as_string();
  CHECK(sent.size() <= 40);
  CHECK(body.at("messages").at(3).at("tool_call_id") == sent);
}

TEST_CASE("openai: a whole answer of tool calls alone is whole") {
  const auto got = whole(fixture("openai/whole_tools.json"));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text.empty());
  CHECK(got.reply->tool_calls == recorded_calls("call_Wm3a", "call_Wm3b"));
  CHECK(got.reply->finish_reason == "tool_calls");
  CHECK(got.reply->tokens == token_usage{82, 33});
  CHECK(got.call_pieces == 0);
}

TEST_CASE("openai: streamed tool calls come piece by piece, wherever the bytes are cut") {
  const auto body = fixture("openai/stream_tools.sse");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got = decode(*tools_codec, ask(true), head_of(200, stream_type), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.reply->tool_calls == recorded_calls("call_Wm3a", "call_Wm3b"));
    REQUIRE(got.calls == got.reply->tool_calls);
    REQUIRE(got.call_pieces == 6);
    REQUIRE(got.tokens.empty());
    REQUIRE(got.reply->finish_reason == "tool_calls");
  }
}

TEST_CASE("openai: a stream that is cut within a call's arguments is no answer") {
  const auto body = fixture("openai/stream_tools.sse");
  const auto ends_at = body.find("\"finish_reason\":\"tool_calls\"");
  REQUIRE(ends_at != std::string::npos);
  for (std::size_t size = 0; size < ends_at; ++size)
    REQUIRE_FALSE(decode(*tools_codec, ask(true), head_of(200, stream_type), body.substr(0, size))
                    .reply.has_value());
  const auto got =
    decode(*tools_codec, ask(true), head_of(200, stream_type), body.substr(0, ends_at));
  CHECK(got.why().detail("cut") == "true");
}

TEST_CASE("openai: arguments that are no JSON are passed on as the model wrote them") {
  const auto got = whole(R"({"choices":[{"finish_reason":"stop","message":{"tool_calls":[
    {"id":"c1","function":{"name":"find_product","arguments":"{\"sku\": K-1"}}]}}]})");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tool_calls.at(0).arguments == R"({"sku": K-1)");
  CHECK(got.reply->finish_reason == "tool_calls");
}

TEST_CASE(
  "openai: calls without ids and with unquoted arguments, as some servers send, are taken") {
  const auto got = whole(R"({"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[
    {"function":{"name":"find_product","arguments":{"sku":"K-1"}}},
    {"function":{"name":"list_shops","arguments":""}}]}}]})");
  REQUIRE(got.reply.has_value());
  REQUIRE(got.reply->tool_calls.size() == 2);
  CHECK(got.reply->tool_calls[0] == tool_call{"call_1", "find_product", R"({"sku":"K-1"})"});
  CHECK(got.reply->tool_calls[1].id == "call_2");
}

TEST_CASE("openai: streamed calls without an index are told apart by their ids") {
  const auto got = decode(
    *tools_codec, ask(true), head_of(200, stream_type),
    R"(data: {"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"a","arguments":"{"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"}"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"id":"y","function":{"name":"b","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}

)");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tool_calls == std::vector<tool_call>{{"x", "a", "{}"}, {"y", "b", "{}"}});
}

TEST_CASE("openai: streamed calls that all have the index 0 are told apart by id and name") {
  const auto got = decode(
    *tools_codec, ask(true), head_of(200, stream_type),
    R"(data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"y","function":{"name":"b","arguments":"{"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"y","function":{"arguments":"}"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"z","function":{"name":"a","arguments":""}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":"tool_calls"}]}

)");
  const std::vector<tool_call> three{{"x", "a", "{}"}, {"y", "b", "{}"}, {"z", "a", "{}"}};
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tool_calls == three);
  CHECK(got.calls == three);
}

TEST_CASE("openai: a call whose pieces have changing ids, but one name, is one call") {
  const auto got = decode(
    *tools_codec, ask(true), head_of(200, stream_type),
    R"(data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"y","function":{"arguments":"}"}}]},"finish_reason":"tool_calls"}]}

)");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tool_calls == std::vector<tool_call>{{"x", "a", "{}"}});
}

TEST_CASE("openai: too many, too long and nameless calls are malformed_reply") {
  std::string many;
  for (int i = 0; i < 100'000; ++i)
    many += R"({"function":{"name":"a","arguments":"{}"}},)";
  const auto outcome = [](const std::string& calls) {
    return whole(R"({"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[)" + calls
                 + R"({"function":{"name":"a","arguments":"{}"}}]}}]})")
      .why()
      .code;
  };
  CHECK(outcome("") == errc::none);
  CHECK(outcome(many) == errc::malformed_reply);
  CHECK(outcome(R"({"function":{"arguments":"{}"}},)") == errc::malformed_reply);
  CHECK(outcome("7,null,[],") == errc::malformed_reply);
  CHECK(outcome(R"({"function":{"name":"a","arguments":")" + std::string(2'000'000, 'x') + "\"}},")
        == errc::malformed_reply);
}

TEST_CASE("openai: a streamed refusal is content_filtered with all its words") {
  const auto got = decode(*tools_codec, ask(true), head_of(200, stream_type),
                          fixture("openai/stream_refusal.sse"));
  CHECK(got.why().code == errc::content_filtered);
  CHECK(got.why().detail("reason") == "I cannot help with that.");
  CHECK(got.tokens.empty());
}
