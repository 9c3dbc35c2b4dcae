#include "adapters/providers/gemini/gemini_codec.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

gemini_settings with_key() {
  gemini_settings settings;
  settings.key = "AIzaTestSecretKey123";
  return settings;
}

const auto codec = make_gemini_codec(with_key());
constexpr auto sse = "text/event-stream";
constexpr auto json_type = "application/json; charset=UTF-8";
const std::string base = "https://generativelanguage.googleapis.com/v1beta";
const std::string streamed_text = "The kettle costs $24. Très bien!";

decoded whole(const std::string& name, const model_request& request = ask(false)) {
  return decode(*codec, request, head_of(200, json_type), fixture("gemini/" + name));
}

decoded streamed(const std::string& name, const result<void>& transport = {}) {
  return decode(*codec, ask(true), head_of(200, sse), fixture("gemini/" + name), std::string::npos,
                std::string::npos, transport);
}

error refused(int status, const std::string& name) {
  return decode(*codec, ask(false), head_of(status, json_type), fixture("gemini/" + name)).why();
}

std::vector<tool_call> calls_here() {
  return {{"call_3", "find_product", R"({"sku":"K-1"})"}, {"call_4", "list_shops", "{}"}};
}

} // namespace

TEST_CASE("gemini: the key is in a header, never in the URL") {
  const auto sent = codec->encode(ask(false));
  CHECK(sent.method == "POST");
  CHECK(sent.url == base + "/models/gemini-3.5-flash-lite:generateContent");
  CHECK(header_of(sent, "x-goog-api-key") == "AIzaTestSecretKey123");
  for (const auto& request :
       {sent, codec->encode(ask(true)), codec->check_request(0), codec->models_request("", 0)})
    CHECK(request.url.find("AIza") == std::string::npos);
  CHECK(codec->encode(ask(true)).url
        == base + "/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse");
}

TEST_CASE("gemini: a model's name cannot leave its place in the URL") {
  auto request = ask(false);
  request.model = "x?key=1#/é y";
  CHECK(codec->encode(request).url == base + "/x%3Fkey%3D1%23/%C3%A9%20y:generateContent");
  request.model = "tunedModels/kettle";
  CHECK(codec->encode(request).url == base + "/tunedModels/kettle:generateContent");
  auto elsewhere = with_key();
  elsewhere.base_url = "http://127.0.0.1:4000/";
  CHECK(make_gemini_codec(elsewhere)->check_request(0).url
        == "http://127.0.0.1:4000/v1beta/models?pageSize=1");
}

TEST_CASE("gemini: a whole answer gives text, model, finish reason and usage") {
  const auto got = whole("whole.json");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "The kettle costs $24.50 — in stock.");
  CHECK(got.reply->model == "gemini-3.5-flash-lite");
  CHECK(got.reply->finish_reason == "stop");
  CHECK(got.reply->tokens == token_usage{31, 51});
}

TEST_CASE("gemini: a stream gives tokens and the same reply, wherever its bytes are cut") {
  const auto body = fixture("gemini/stream.sse");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got = decode(*codec, ask(true), head_of(200, sse), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.tokens.size() == 7);
    REQUIRE(got.joined() == streamed_text);
    REQUIRE(got.reply->text == streamed_text);
    REQUIRE(got.reply->tokens == token_usage{31, 9});
  }
  CHECK(decode(*codec, ask(true), head_of(200, sse), body, 1, 1).sound);
}

TEST_CASE("gemini: calls are taken whole or streamed, and get an id") {
  const auto got = whole("whole_tools.json", ask_with_tools(false));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tool_calls == calls_here());
  CHECK(got.reply->finish_reason == "tool_calls");
  const auto body = fixture("gemini/stream_tools.sse");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto piecewise = decode(*codec, ask_with_tools(true), head_of(200, sse), body, cut);
    REQUIRE(piecewise.reply.has_value());
    REQUIRE(piecewise.reply->tool_calls == calls_here());
    REQUIRE(piecewise.calls == calls_here());
    REQUIRE(piecewise.reply->finish_reason == "tool_calls");
  }
}

TEST_CASE("gemini: an answer by a schema is its JSON") {
  auto request = ask(false);
  request.format = price_format();
  CHECK(whole("whole_schema.json", request).reply->text == R"({"price": 24.5})");
  CHECK(whole("whole.json", request).why().code == errc::malformed_reply);
}

TEST_CASE("gemini: filters of the answer and of the prompt are content_filtered") {
  CHECK(whole("whole_safety.json").why().code == errc::content_filtered);
  CHECK(whole("whole_safety.json").why().detail("reason") == "SAFETY");
  CHECK(whole("whole_blocked.json").why().code == errc::content_filtered);
  CHECK(whole("whole_blocked.json").why().detail("reason") == "PROHIBITED_CONTENT");
}

TEST_CASE("gemini: a call that came out broken is malformed_reply with the vendor's words") {
  const auto got = whole("whole_bad_call.json");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("reason").starts_with("Malformed function call"));
}

TEST_CASE("gemini: a stream that ends without a finish reason is cut, at whatever byte") {
  const auto got = streamed("stream_cut.sse");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("cut") == "true");
  const auto body = fixture("gemini/stream.sse");
  const auto ends_at = body.find("\"finishReason\":\"STOP\"");
  REQUIRE(ends_at != std::string::npos);
  for (std::size_t size = 0; size < ends_at; ++size)
    REQUIRE_FALSE(
      decode(*codec, ask(true), head_of(200, sse), body.substr(0, size)).reply.has_value());
}

TEST_CASE("gemini: a connection that breaks after the finish reason has broken nothing") {
  const error reset = error{errc::provider_unavailable, "reset"}.with("phase", "body");
  CHECK(streamed("stream.sse", reset).reply.has_value());
}

TEST_CASE("gemini: an error within a stream has its kind and is marked as cut") {
  const auto got = streamed("stream_error.sse");
  CHECK(got.why().code == errc::provider_unavailable);
  CHECK(got.why().detail("cut") == "true");
}

TEST_CASE("gemini: a broken event is passed over, and the connection dropped") {
  const auto got = streamed("stream_malformed_chunk.sse");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == streamed_text);
  CHECK_FALSE(got.sound);
}

TEST_CASE("gemini: an error that comes bare within a stream is read") {
  const std::string busy =
    "{\n  \"error\": {\n    \"code\": 429,\n    \"message\": \"Exhausted\",\n"
    "    \"status\": \"RESOURCE_EXHAUSTED\",\n"
    "    \"details\": [{\"retryDelay\": \"0.8s\"}]\n  }\n}";
  const auto got = [](const std::string& body) {
    return decode(*codec, ask(true), head_of(200, sse), body, 10, 10).why();
  };
  for (const auto& body : {busy, busy + "\n\n", "[" + busy + "]\r\n"}) {
    const auto first = got(body);
    CHECK(first.code == errc::rate_limited);
    CHECK(first.retry_after == 800ms);
    CHECK(first.detail("reason") == "Exhausted");
    CHECK(first.detail("cut").empty());
    const auto later =
      got(R"(data: {"candidates":[{"content":{"parts":[{"text":"The"}]}}]})" + ("\n\n" + body));
    CHECK(later.code == errc::rate_limited);
    CHECK(later.detail("cut") == "true");
  }
  CHECK(got("{\n  \"error\": {\n").code == errc::malformed_reply);
}

TEST_CASE("gemini: a bare error after the finish reason takes nothing from a whole answer") {
  CHECK(decode(*codec, ask(true), head_of(200, sse),
               R"(data: {"candidates":[{"content":{"parts":[{"text":"The"}]},)"
               R"("finishReason":"STOP"}]})"
               "\n\n{\"error\": {\"code\": 503, \"message\": \"late\"}}\n")
          .reply.has_value());
}

TEST_CASE("gemini: each refusal has its kind, and a limit says in its body how long to wait") {
  const auto key = refused(400, "error_key.json");
  CHECK(key.code == errc::provider_rejected);
  CHECK(key.detail("reason") == "key");
  const auto limited = refused(429, "error_429.json");
  CHECK(limited.code == errc::rate_limited);
  CHECK(limited.retry_after == 17500ms);
  CHECK(refused(429, "error_429_day.json").code == errc::provider_rejected);
  CHECK(refused(503, "error_503.json").code == errc::provider_unavailable);
  CHECK(refused(400, "error_long.json").code == errc::context_too_long);
}

TEST_CASE("gemini: an answer that its length ended before it had text says so") {
  const auto got =
    decode(*codec, ask(false), head_of(200, json_type),
           R"({"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}]})");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("limit") == "length");
}

TEST_CASE("gemini: what is no answer is malformed_reply, whole or streamed") {
  for (const bool stream : {false, true})
    for (const auto* body :
         {"", "gibberish", "[]", "{}", "null", R"({"candidates":7})", R"({"candidates":[]})",
          R"({"candidates":[{"content":{"parts":[{"text":"no end"}]}}]})",
          R"({"candidates":[{"finishReason":"STOP"}]})",
          R"({"candidates":[{"content":{"parts":[{"functionCall":{}}]},"finishReason":"STOP"}]})"})
      CHECK(decode(*codec, ask(stream), head_of(200, json_type), body).why().code
            == errc::malformed_reply);
}

TEST_CASE("gemini: models are listed page by page, those that answer, by their short names") {
  const auto first = codec->decode_models(head_of(200, json_type), fixture("gemini/models_1.json"));
  REQUIRE(first.has_value());
  CHECK(first->names == std::vector<std::string>{"gemini-3.8-flash"});
  CHECK(codec->models_request(first->next, 0).url
        == base + "/models?pageSize=1000&pageToken=Ch9tb2RlbHM%2FPQ%3D%3D");
  const auto second =
    codec->decode_models(head_of(200, json_type), fixture("gemini/models_2.json"));
  REQUIRE(second.has_value());
  CHECK(second->next.empty());
  CHECK(second->names == std::vector<std::string>{"gemini-3.5-flash-lite"});
}

TEST_CASE("gemini: a request names which of several keys it goes out with") {
  auto settings = with_key();
  settings.further_keys = {"AIzaTestOtherKey123"};
  const auto both = make_gemini_codec(settings);
  auto request = ask(true);
  CHECK(header_of(both->encode(request), "x-goog-api-key") == "" + settings.key);
  request.key = 1;
  CHECK(header_of(both->encode(request), "x-goog-api-key") == "AIzaTestOtherKey123");
  CHECK(header_of(both->check_request(1), "x-goog-api-key") == "AIzaTestOtherKey123");
  CHECK(header_of(both->models_request("", 1), "x-goog-api-key") == "AIzaTestOtherKey123");
}
