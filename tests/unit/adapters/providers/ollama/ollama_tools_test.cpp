/// Tools, answer formats and options in Ollama's protocol.

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "adapters/providers/ollama/ollama_codec.hpp"
#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

const auto tools_codec = make_ollama_codec({});
constexpr auto lines_type = "application/x-ndjson";
constexpr auto whole_type = "application/json; charset=utf-8";

boost::json::object body_of(const model_request& request) {
  return boost::json::parse(tools_codec->encode(request).body).as_object();
}

std::vector<tool_call> calls_here() {
  return {{"call_3", "find_product", R"({"sku":"K-1"})"}, {"call_4", "list_shops", "{}"}};
}

} // namespace

TEST_CASE("ollama: tools, calls and their answers go out in the protocol's form") {
  const auto body = body_of(ask_with_tools(false));
  CHECK(body.at("tools").as_array().size() == 2);
  CHECK(body.at("tools").at(1)
        == boost::json::parse(R"({"type": "function", "function": {"name": "list_shops"}})"));
  const auto& messages = body.at("messages").as_array();
  CHECK(messages.at(2) == boost::json::parse(R"({"role": "assistant", "content": "", "tool_calls": [
    {"function": {"name": "find_product", "arguments": {"sku": "K-1"}}},
    {"function": {"name": "list_shops", "arguments": {}}}]})"));
  CHECK(messages.at(3)
        == boost::json::parse(
          R"({"role": "tool", "tool_name": "find_product", "content": "{\"price\":24.5}"})"));
  CHECK(messages.at(4).at("tool_name") == "list_shops");
}

TEST_CASE("ollama: answers that came in another order go out in that of their calls") {
  auto request = ask_with_tools(false);
  const auto in_order = body_of(request);
  auto messages = request.messages.items();
  std::swap(messages.end()[-2], messages.back());
  request.messages = std::move(messages);
  CHECK(body_of(request) == in_order);
}

TEST_CASE("ollama: a tool choice is made by what is offered, and checked in the answer") {
  auto request = ask_with_tools(false);
  request.choice = {tool_choice::kind::named, "list_shops"};
  const auto body = body_of(request);
  REQUIRE(body.at("tools").as_array().size() == 1);
  CHECK(body.at("tools").at(0).at("function").at("name") == "list_shops");
  CHECK_FALSE(body.contains("tool_choice"));
  const auto text =
    decode(*tools_codec, request, head_of(200, whole_type), fixture("ollama/whole.json"));
  CHECK(text.why().code == errc::malformed_reply);
  request.choice.what = tool_choice::kind::none;
  CHECK_FALSE(body_of(request).contains("tools"));
}

TEST_CASE("ollama: answer formats are format, as a word or a schema") {
  auto request = ask(false);
  request.format.what = answer_format::kind::json_object;
  CHECK(body_of(request).at("format") == "json");
  request.format = price_format();
  CHECK(body_of(request).at("format") == boost::json::parse(request.format.schema));
  const auto got =
    decode(*tools_codec, request, head_of(200, whole_type), fixture("ollama/whole_schema.json"));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == R"({"price": 24.5})");
  const auto prose =
    decode(*tools_codec, request, head_of(200, whole_type), fixture("ollama/whole.json"));
  CHECK(prose.why().code == errc::malformed_reply);
}

TEST_CASE("ollama: seed and penalties are options") {
  auto request = ask(false);
  request.tuning.seed = 42;
  request.tuning.presence_penalty = 0.5;
  request.tuning.frequency_penalty = -0.5;
  CHECK(
    body_of(request).at("options")
    == boost::json::parse(R"({"seed": 42, "presence_penalty": 0.5, "frequency_penalty": -0.5})"));
}

TEST_CASE("ollama: calls are taken whole or streamed, get an id, and thinking is left out") {
  const auto whole = decode(*tools_codec, ask_with_tools(false), head_of(200, whole_type),
                            fixture("ollama/whole_tools.json"));
  REQUIRE(whole.reply.has_value());
  CHECK(whole.reply->tool_calls == calls_here());
  CHECK(whole.reply->finish_reason == "tool_calls");
  CHECK(whole.reply->text.empty());
  CHECK(whole.reply->tokens == token_usage{171, 38});

  const auto body = fixture("ollama/stream_tools.ndjson");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got =
      decode(*tools_codec, ask_with_tools(true), head_of(200, lines_type), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.reply->tool_calls == calls_here());
    REQUIRE(got.calls == calls_here());
    REQUIRE(got.call_pieces == 2);
    REQUIRE(got.tokens.empty());
  }
}

TEST_CASE("ollama: a model without tools says so, and a stream cut after a call is cut") {
  const auto refused = decode(*tools_codec, ask_with_tools(false), head_of(400, whole_type),
                              fixture("ollama/error_tools.json"));
  CHECK(refused.why().code == errc::provider_rejected);
  CHECK(refused.why().detail("reason").find("does not support tools") != std::string_view::npos);
  const auto body = fixture("ollama/stream_tools.ndjson");
  const auto got = decode(*tools_codec, ask_with_tools(true), head_of(200, lines_type),
                          body.substr(0, body.find("\"done\":true")));
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("cut") == "true");
}
