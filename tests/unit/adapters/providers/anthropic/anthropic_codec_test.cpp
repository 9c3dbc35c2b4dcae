#include "adapters/providers/anthropic/anthropic_codec.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

anthropic_settings with_key() {
  anthropic_settings settings;
  settings.key = "sk-ant-test-secret-key-123";
  return settings;
}

const auto codec = make_anthropic_codec(with_key());
constexpr auto sse = "text/event-stream; charset=utf-8";
constexpr auto json_type = "application/json";
const std::string streamed_text = "The kettle costs $24. Très bien!";

decoded whole(const std::string& name, const model_request& request = ask(false)) {
  return decode(*codec, request, head_of(200, json_type), fixture("anthropic/" + name));
}

decoded streamed(const std::string& name) {
  return decode(*codec, ask(true), head_of(200, sse), fixture("anthropic/" + name));
}

error refused(int status, const std::string& name,
              std::vector<std::pair<std::string, std::string>> headers = {}) {
  return decode(*codec, ask(false), head_of(status, json_type, std::move(headers)),
                fixture("anthropic/" + name))
    .why();
}

} // namespace

TEST_CASE("anthropic: a request has the key and the protocol's version in its headers") {
  auto settings = with_key();
  settings.base_url = "http://127.0.0.1:4000/";
  settings.extra_headers = {{"x-title", "shop"}};
  const auto sent = make_anthropic_codec(settings)->encode(ask(false));
  CHECK(sent.method == "POST");
  CHECK(sent.url == "http://127.0.0.1:4000/v1/messages");
  CHECK(header_of(sent, "x-api-key") == "sk-ant-test-secret-key-123");
  CHECK(header_of(sent, "anthropic-version") == "2023-06-01");
  CHECK(header_of(sent, "content-type") == "application/json");
  CHECK(header_of(sent, "x-title") == "shop");
  CHECK(sent.body.find("secret") == std::string::npos);
}

TEST_CASE("anthropic: a whole answer gives text, model, finish reason and usage") {
  const auto got = whole("whole.json");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "The kettle costs $24.50 — in stock.");
  CHECK(got.reply->model == "claude-haiku-5-5");
  CHECK(got.reply->finish_reason == "stop");
  CHECK(got.reply->tokens == token_usage{31, 11});
}

TEST_CASE("anthropic: tokens of the vendor's cache are input, and thinking is no answer") {
  const auto got = whole("whole_cached.json");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "Cached.");
  CHECK(got.reply->finish_reason == "length");
  CHECK(got.reply->tokens == token_usage{2104, 3, 2000});
}

TEST_CASE("anthropic: a stream gives tokens and the same reply, wherever its bytes are cut") {
  const auto body = fixture("anthropic/stream.sse");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got = decode(*codec, ask(true), head_of(200, sse), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.tokens.size() == 7);
    REQUIRE(got.joined() == streamed_text);
    REQUIRE(got.reply->text == streamed_text);
    REQUIRE(got.reply->tokens == token_usage{31, 9});
    REQUIRE(got.reply->finish_reason == "stop");
  }
  const auto bytewise = decode(*codec, ask(true), head_of(200, sse), body, 1, 1);
  CHECK(bytewise.joined() == streamed_text);
  CHECK(bytewise.ended_early);
  CHECK(bytewise.sound);
}

TEST_CASE("anthropic: calls are taken whole") {
  const auto got = whole("whole_tools.json", ask_with_tools(false));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "Let me look.");
  CHECK(got.reply->tool_calls
        == std::vector<tool_call>{{"toolu_01A", "find_product", R"({"sku":"K-1"})"},
                                  {"toolu_01B", "list_shops", "{}"}});
  CHECK(got.reply->finish_reason == "tool_calls");
}

TEST_CASE("anthropic: calls are taken piece by piece, one without arguments included") {
  const auto body = fixture("anthropic/stream_tools.sse");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got = decode(*codec, ask_with_tools(true), head_of(200, sse), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.reply->tool_calls == recorded_calls("toolu_01A", "toolu_01B"));
    REQUIRE(got.calls == got.reply->tool_calls);
    REQUIRE(got.joined() == "Let me look.");
    REQUIRE(got.reply->finish_reason == "tool_calls");
  }
}

TEST_CASE("anthropic: an answer by a schema is its JSON") {
  auto request = ask(false);
  request.format = price_format();
  CHECK(whole("whole_schema.json", request).reply->text == R"({"price":24.5})");
  CHECK(whole("whole.json", request).why().code == errc::malformed_reply);
}

TEST_CASE("anthropic: a refusal is content_filtered with the vendor's words") {
  const auto got = whole("whole_refusal.json");
  CHECK(got.why().code == errc::content_filtered);
  CHECK(got.why().detail("reason") == "This request may help an attack.");
  CHECK(streamed("stream_refusal.sse").why().code == errc::content_filtered);
}

TEST_CASE("anthropic: a stream with its stop reason but without its end is complete") {
  const auto got = streamed("stream_no_stop.sse");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == streamed_text);
  CHECK(got.ended_early);
  CHECK(got.sound);
}

TEST_CASE("anthropic: a stop reason without the usage waits for the end mark") {
  const auto got = decode(*codec, ask(true), head_of(200, sse),
                          R"(data: {"type":"content_block_start","index":0,)"
                          R"("content_block":{"type":"text","text":"Hi"}})"
                          "\n\n"
                          R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}})"
                          "\n\n");
  CHECK(got.reply.has_value());
  CHECK_FALSE(got.ended_early);
}

TEST_CASE("anthropic: a stream with neither is cut, at whatever byte") {
  const auto got = streamed("stream_cut.sse");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("cut") == "true");
  const auto body = fixture("anthropic/stream.sse");
  const auto ends_at = body.find("\"stop_reason\":\"end_turn\"");
  REQUIRE(ends_at != std::string::npos);
  for (std::size_t size = 0; size < ends_at; ++size)
    REQUIRE_FALSE(
      decode(*codec, ask(true), head_of(200, sse), body.substr(0, size)).reply.has_value());
}

TEST_CASE("anthropic: an error within a stream has its kind and is marked as cut") {
  const auto got = streamed("stream_error.sse");
  CHECK(got.why().code == errc::provider_unavailable);
  CHECK(got.why().detail("reason") == "Overloaded");
  CHECK(got.why().detail("cut") == "true");
}

TEST_CASE("anthropic: a broken event is passed over, and the connection dropped") {
  const auto got = streamed("stream_malformed_chunk.sse");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == streamed_text);
  CHECK_FALSE(got.sound);
}

TEST_CASE("anthropic: each refusal has its kind, and none repeats the key") {
  const auto key = refused(401, "error_401.json");
  CHECK(key.code == errc::provider_rejected);
  CHECK(key.detail("reason") == "key");
  const auto limited = refused(429, "error_429.json", {{"retry-after", "12"}});
  CHECK(limited.code == errc::rate_limited);
  CHECK(limited.retry_after == 12s);
  CHECK(refused(529, "error_529.json").code == errc::provider_unavailable);
  CHECK(refused(400, "error_long.json").code == errc::context_too_long);
  CHECK(refused(402, "error_credit.json").code == errc::provider_rejected);
  CHECK(refused(404, "error_model.json").detail("reason").find("claude-haiku-9")
        != std::string_view::npos);
  for (const auto& why : {key, limited})
    for (const auto& [name, value] : why.details)
      CHECK(value.find("secret") == std::string::npos);
}

TEST_CASE("anthropic: what is no answer is malformed_reply, whole or streamed") {
  for (const bool stream : {false, true})
    for (const auto* body :
         {"", "gibberish", "[]", "{}", "null", R"({"type":"message"})",
          R"({"type":"message","content":[],"stop_reason":"end_turn"})",
          R"({"type":"message","content":[{"type":"text","text":"no end"}]})",
          R"({"type":"message","content":[{"type":"tool_use"}],"stop_reason":"tool_use"})"})
      CHECK(decode(*codec, ask(stream), head_of(200, json_type), body).why().code
            == errc::malformed_reply);
  for (const auto* body : {"", ": nothing\n\n", "data: {}\n\n", "data: {\"type\":\"ping\"}\n\n"})
    CHECK(decode(*codec, ask(true), head_of(200, sse), body).why().code == errc::malformed_reply);
}

TEST_CASE("anthropic: models are listed page by page, and the check calls none") {
  CHECK(codec->check_request(0).method == "GET");
  CHECK(codec->check_request(0).url == "https://api.anthropic.com/v1/models?limit=1");
  const auto first =
    codec->decode_models(head_of(200, json_type), fixture("anthropic/models_1.json"));
  REQUIRE(first.has_value());
  CHECK(first->names == std::vector<std::string>{"claude-opus-5-5", "claude-haiku-5-5"});
  CHECK(codec->models_request(first->next, 0).url
        == "https://api.anthropic.com/v1/models?limit=1000&after_id=claude-haiku-5-5");
  const auto second =
    codec->decode_models(head_of(200, json_type), fixture("anthropic/models_2.json"));
  REQUIRE(second.has_value());
  CHECK(second->next.empty());
  CHECK_FALSE(codec->decode_models(head_of(200, json_type), "[]").has_value());
}

TEST_CASE("anthropic: a request names which of several keys it goes out with") {
  auto settings = with_key();
  settings.further_keys = {"sk-ant-test-other-key-123"};
  const auto both = make_anthropic_codec(settings);
  auto request = ask(true);
  CHECK(header_of(both->encode(request), "x-api-key") == "" + settings.key);
  request.key = 1;
  CHECK(header_of(both->encode(request), "x-api-key") == "sk-ant-test-other-key-123");
  CHECK(header_of(both->check_request(1), "x-api-key") == "sk-ant-test-other-key-123");
  CHECK(header_of(both->models_request("", 1), "x-api-key") == "sk-ant-test-other-key-123");
}
