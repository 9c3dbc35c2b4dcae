#include "adapters/providers/openai/openai_codec.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

openai_settings with_key() {
  openai_settings settings;
  settings.key = "sk-test-secret-key-123";
  return settings;
}

const auto codec = make_openai_codec(with_key());
constexpr auto sse = "text/event-stream; charset=utf-8";
constexpr auto json_type = "application/json";
const std::string streamed_text = "The kettle costs $24. Très bien!";

decoded streamed(const std::string& name, const result<void>& transport = {}) {
  return decode(*codec, ask(true), head_of(200, sse), fixture("openai/" + name), std::string::npos,
                std::string::npos, transport);
}

error refused(int status, const std::string& name,
              std::vector<std::pair<std::string, std::string>> headers = {}) {
  return decode(*codec, ask(false), head_of(status, json_type, std::move(headers)),
                fixture("openai/" + name))
    .why();
}

} // namespace

TEST_CASE("openai: a whole request carries model, messages, limits and the key") {
  auto settings = with_key();
  settings.extra_headers = {{"x-title", "shop"}};
  settings.organization = "org-1";
  auto request = ask(false);
  request.tuning.temperature = 0.7;
  request.tuning.max_tokens = 1024;
  request.tuning.top_p = 0.9;
  request.tuning.top_k = 40; // not theirs
  request.tuning.num_ctx = 2048;
  request.tuning.stop = {"END"};
  const auto sent = make_openai_codec(settings)->encode(request);
  CHECK(sent.method == "POST");
  CHECK(sent.url == "https://api.openai.com/v1/chat/completions");
  CHECK(header_of(sent, "authorization") == "Bearer sk-test-secret-key-123");
  CHECK(header_of(sent, "x-title") == "shop");
  CHECK(header_of(sent, "openai-organization") == "org-1");
  CHECK(header_of(sent, "content-type") == "application/json");
  CHECK(boost::json::parse(sent.body) == boost::json::parse(R"({
    "model": "gpt-4-turbo", "temperature": 0.7, "max_tokens": 1024, "top_p": 0.9, "stop": ["END"],
    "messages": [{"role": "system", "content": "You sell kitchen ware."},
                 {"role": "user", "content": "How much is the blue kettle, please?"}]})"));
}

TEST_CASE("openai: a streamed request asks for the usage") {
  const auto body = boost::json::parse(codec->encode(ask(true)).body);
  CHECK(body.at("stream") == true);
  CHECK(body.at("stream_options") == boost::json::parse(R"({"include_usage": true})"));
}

TEST_CASE("openai: models that reason take max_completion_tokens and no temperature") {
  for (const auto* model : {"o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5-nano",
                            "openai/gpt-5", "gpt-6.1-sol"}) {
    auto request = ask(false);
    request.model = model;
    request.tuning.temperature = 0.7;
    request.tuning.max_tokens = 100;
    const auto body = boost::json::parse(codec->encode(request).body).as_object();
    CHECK(body.at("max_completion_tokens") == 100);
    CHECK_FALSE(body.contains("max_tokens"));
    CHECK_FALSE(body.contains("temperature"));
  }
  for (const auto* model : {"gpt-4o", "gpt-4-turbo", "gpt-3.5-turbo", "omni", "o", "llama-3"})
    CHECK_FALSE(openai_reasons(model));
}

TEST_CASE("openai: the base URL is taken with or without slash and version") {
  CHECK(openai_url("https://api.openai.com") == "https://api.openai.com/v1");
  CHECK(openai_url("https://api.openai.com/") == "https://api.openai.com/v1");
  CHECK(openai_url("https://api.openai.com/v1/") == "https://api.openai.com/v1");
  CHECK(openai_url("http://127.0.0.1:8000") == "http://127.0.0.1:8000/v1");
  CHECK(openai_url("https://host.example/openai/v1beta") == "https://host.example/openai/v1beta");
}

TEST_CASE("openai: without a key no authorization is sent") {
  CHECK(header_of(make_openai_codec({})->encode(ask(false)), "authorization").empty());
}

TEST_CASE("openai: a whole answer gives text, model, finish reason and usage") {
  const auto got =
    decode(*codec, ask(false), head_of(200, json_type), fixture("openai/whole.json"));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "The kettle costs $24.50 — in stock.");
  CHECK(got.reply->model == "gpt-4-turbo-2024-04-09");
  CHECK(got.reply->finish_reason == "stop");
  CHECK(got.reply->tokens == token_usage{31, 11});
  CHECK(got.tokens.empty());
}

TEST_CASE("openai: an answer in parts is the text of its parts, without what the model thinks") {
  const std::string content =
    R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},7,)"
    R"({"type":"text","text":"It is "},{"type":"text","text":"sunny."}]},"finish_reason":"stop"}]})";
  const auto whole =
    decode(*codec, ask(false), head_of(200, json_type), R"({"choices":[{"message":{)" + content);
  REQUIRE(whole.reply.has_value());
  CHECK(whole.reply->text == "It is sunny.");
  const auto got = decode(*codec, ask(true), head_of(200, sse),
                          R"(data: {"choices":[{"delta":{)" + content + "\n\n");
  REQUIRE(got.reply.has_value());
  CHECK(got.joined() == "It is sunny.");
}

TEST_CASE("openai: what the vendor had in its cache is known of the prompt") {
  const auto got = decode(*codec, ask(false), head_of(200, json_type),
                          R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],)"
                          R"("usage":{"prompt_tokens":31,"completion_tokens":11,)"
                          R"("prompt_tokens_details":{"cached_tokens":20}}})");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->tokens == token_usage{31, 11, 20});
}

TEST_CASE("openai: a stream gives tokens and the same reply, wherever its bytes are cut") {
  for (const auto* name : {"stream.sse", "stream_crlf_comments.sse"}) {
    const auto body = fixture(std::string{"openai/"} + name);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
      const auto got = decode(*codec, ask(true), head_of(200, sse), body, cut);
      REQUIRE(got.reply.has_value());
      REQUIRE(got.tokens.size() == 7);
      REQUIRE(got.joined() == streamed_text);
      REQUIRE(got.reply->text == streamed_text);
      REQUIRE(got.reply->tokens == token_usage{31, 9});
    }
    const auto bytewise = decode(*codec, ask(true), head_of(200, sse), body, 1, 1);
    CHECK(bytewise.joined() == streamed_text);
    CHECK(bytewise.ended_early);
    CHECK(bytewise.sound);
  }
}

TEST_CASE("openai: a stream with a finish reason but without its sentinel is complete") {
  const error reset = error{errc::provider_unavailable, "reset"}.with("phase", "body");
  for (const auto& transport : {result<void>{}, result<void>{reset}}) {
    const auto got = streamed("stream_no_done.sse", transport);
    REQUIRE(got.reply.has_value());
    CHECK(got.reply->text == streamed_text);
  }
}

TEST_CASE("openai: a stream ends with finish reason and usage, and waits where one is missing") {
  const auto ends_early = [](const std::string& last) {
    const auto got = decode(*codec, ask(true), head_of(200, sse),
                            R"(data: {"choices":[{"delta":{"content":"Hi"}}],)"
                            R"("usage":{"prompt_tokens":31,"completion_tokens":1}})"
                            "\n\n"
                              + last);
    REQUIRE(got.reply.has_value());
    CHECK(got.sound);
    return got.ended_early;
  };
  const std::string reason = R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}])";
  const std::string usage = R"("usage":{"prompt_tokens":31,"completion_tokens":2}})"
                            "\n\n";
  CHECK(ends_early(reason + "," + usage));
  CHECK(ends_early(reason + "}\n\n" + R"(data: {"choices":[],)" + usage));
  CHECK_FALSE(ends_early(reason + "}\n\n"));
  CHECK_FALSE(ends_early(reason + R"(,"usage":null})" + "\n\n"));
}

TEST_CASE("openai: a stream with neither is cut") {
  const auto got = streamed("stream_cut.sse");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("cut") == "true");
  CHECK(got.why().detail("status") == "200");
}

TEST_CASE("openai: a stream that stalls is deadline_exceeded and marked as cut") {
  const error stall = error{errc::deadline_exceeded, "silent"}.with("phase", "idle");
  const auto got = streamed("stream_cut.sse", stall);
  CHECK(got.why().code == errc::deadline_exceeded);
  CHECK(got.why().detail("phase") == "idle");
  CHECK(got.why().detail("cut") == "true");
}

TEST_CASE("openai: a connection that fails before the answer keeps its own error") {
  const auto decoder = codec->decoder(ask(true));
  const error refusal = error{errc::provider_unavailable, "refused"}.with("phase", "connect");
  decoded seen;
  noting_sink sink{seen};
  const auto outcome = decoder->finish(refusal, sink);
  REQUIRE_FALSE(outcome.has_value());
  const auto why = outcome.error();
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "connect");
  CHECK(why.detail("provider") == "openai");
  CHECK(why.detail("cut").empty());
}

TEST_CASE("openai: a whole body that is cut is malformed_reply and marked as cut") {
  const error reset = error{errc::provider_unavailable, "reset"}.with("phase", "body");
  const auto body = fixture("openai/whole.json");
  const auto got = decode(*codec, ask(false), head_of(200, json_type), body.substr(0, 100),
                          std::string::npos, std::string::npos, reset);
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("cut") == "true");
}

TEST_CASE(
  "openai: a broken event is passed over if the rest is whole, and the connection dropped") {
  const auto got = streamed("stream_malformed_chunk.sse");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == streamed_text);
  CHECK_FALSE(got.sound);
}

TEST_CASE("openai: a stream of nothing but broken events fails, long before its end") {
  std::string body;
  for (int i = 0; i < 1000; ++i)
    body += "data: {broken\n\n";
  const auto got = decode(*codec, ask(true), head_of(200, sse), body, 100, 100);
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.ended_early);
}

TEST_CASE("openai: the content filter ends an answer as content_filtered") {
  const auto got = streamed("stream_filtered.sse");
  CHECK(got.why().code == errc::content_filtered);
  CHECK(got.ended_early);
}

TEST_CASE("openai: a model's refusal is content_filtered with its words") {
  const auto got = decode(*codec, ask(false), head_of(200, json_type), R"({"model":"m","choices":[
    {"message":{"role":"assistant","content":null,"refusal":"I cannot help with that."},
     "finish_reason":"stop"}]})");
  CHECK(got.why().code == errc::content_filtered);
  CHECK(got.why().detail("reason") == "I cannot help with that.");
}

TEST_CASE("openai: an error within a stream is reported with its words and marked as cut") {
  const auto got = streamed("stream_error.sse");
  CHECK(got.why().code == errc::provider_unavailable);
  CHECK(got.why().detail("cut") == "true");
  CHECK(got.why().detail("reason").starts_with("The server had an error"));
}

TEST_CASE("openai: a finish reason that says that the answer broke off is no sound end") {
  for (const auto* reason : {"error", "abort", "aborted", "cancelled", "network_error",
                             "insufficient_system_resource"}) {
    const auto end = R"("finish_reason":")" + std::string{reason} + "\"}]}";
    const auto body = R"({"choices":[{"message":{"content":"The kettle"},)" + end;
    const auto stream = R"(data: {"choices":[{"delta":{"content":"The kettle"}}]})"
                        "\n\n"
                        R"(data: {"choices":[{"delta":{},)"
                        + end + "\n\ndata: [DONE]\n\n";
    for (const auto& got : {decode(*codec, ask(false), head_of(200, json_type), body),
                            decode(*codec, ask(true), head_of(200, sse), stream)}) {
      CHECK(got.why().code == errc::provider_unavailable);
      CHECK(got.why().detail("cut") == "true");
      CHECK(got.why().detail("reason") == "finish reason " + std::string{reason});
    }
    const auto silent = decode(*codec, ask(false), head_of(200, json_type),
                               R"({"choices":[{"message":{"content":""},)" + end);
    CHECK(silent.why().code == errc::provider_unavailable);
    CHECK(silent.why().detail("cut").empty());
  }
}

TEST_CASE("openai: the error of a choice is read like that of the whole answer") {
  const std::string failed =
    R"("finish_reason":"error","error":{"code":429,"message":"Upstream is busy"}}]})";
  const auto whole = decode(*codec, ask(false), head_of(200, json_type),
                            R"({"choices":[{"message":{"content":"The kettle"},)" + failed);
  CHECK(whole.why().code == errc::rate_limited);
  CHECK(whole.why().detail("reason") == "Upstream is busy");
  CHECK(whole.why().detail("cut") == "true");
  const auto first = decode(*codec, ask(true), head_of(200, sse),
                            R"(data: {"choices":[{"delta":{},)" + failed + "\n\n");
  CHECK(first.why().code == errc::rate_limited);
  CHECK(first.why().detail("cut").empty());
  const auto well =
    decode(*codec, ask(false), head_of(200, json_type),
           R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"end_turn","error":null}]})");
  CHECK(well.reply.has_value());
}

TEST_CASE("openai: the names that other servers have for a length and a filter are known") {
  const auto ended = [](const std::string& reason) {
    return decode(*codec, ask(false), head_of(200, json_type),
                  R"({"choices":[{"message":{"content":"The"},"finish_reason":")" + reason
                    + "\"}]}");
  };
  CHECK(ended("model_length").reply->finish_reason == "length");
  CHECK(ended("sensitive").why().code == errc::content_filtered);
}

TEST_CASE("openai: each refusal has its kind, and none repeats the key") {
  const auto unauthorized = refused(401, "error_401.json");
  CHECK(unauthorized.code == errc::provider_rejected);
  CHECK(unauthorized.detail("reason") == "key");
  CHECK(refused(400, "error_context.json").code == errc::context_too_long);
  CHECK(refused(400, "error_filter.json").code == errc::content_filtered);
  CHECK(refused(429, "error_quota.json").code == errc::provider_rejected);
  const auto missing = refused(404, "error_model.json");
  CHECK(missing.code == errc::provider_rejected);
  CHECK(missing.detail("reason").find("gpt-9") != std::string_view::npos);
  const auto page = refused(503, "error_503.html");
  CHECK(page.code == errc::provider_unavailable);
  CHECK(page.detail("reason") == "an HTML page");
  for (const auto& why : {unauthorized, missing, page})
    for (const auto& [name, value] : why.details)
      CHECK(value.find("secret") == std::string::npos);
}

TEST_CASE("openai: a rate limit says how long to wait") {
  const auto why = refused(429, "error_429.json", {{"retry-after-ms", "1500"}});
  CHECK(why.code == errc::rate_limited);
  CHECK(why.retry_after == 1500ms);
  CHECK(why.detail("reason").starts_with("Rate limit reached"));
}

TEST_CASE("openai: a server that does not stream gives its whole answer as one token") {
  const auto got = decode(*codec, ask(true), head_of(200, json_type), fixture("openai/whole.json"));
  REQUIRE(got.reply.has_value());
  CHECK(got.tokens == std::vector<std::string>{"The kettle costs $24.50 — in stock."});
}

TEST_CASE("openai: an answer that its length ended before it had text says so") {
  const auto got = decode(*codec, ask(false), head_of(200, json_type),
                          R"({"choices":[{"message":{"content":""},"finish_reason":"length"}]})");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("limit") == "length");
}

TEST_CASE("openai: what is no answer is malformed_reply, whole or streamed") {
  for (const bool stream : {false, true}) {
    const auto outcome = [&](const char* type, std::string_view body) {
      return decode(*codec, ask(stream), head_of(200, type), body).why().code;
    };
    CHECK(outcome("text/html; charset=utf-8", "<html>") == errc::malformed_reply);
    CHECK(outcome("text/plain", "hello") == errc::malformed_reply);
    for (const auto* body :
         {"", "gibberish", "[]", "{}", "null", R"({"choices":[]})", R"({"choices":7})",
          R"({"choices":[{"message":{"content":"no end"}}]})",
          R"({"choices":[{"message":{"content":""},"finish_reason":"stop"}]})"})
      CHECK(outcome(json_type, body) == errc::malformed_reply);
  }
  for (const auto* body : {"", "\n\n", ": only a comment\n\n", "data: [DONE]\n\n", "data\n\n"})
    CHECK(decode(*codec, ask(true), head_of(200, sse), body).why().code == errc::malformed_reply);
}

TEST_CASE("openai: no prefix of a stream passes for a whole answer before its finish reason") {
  const auto body = fixture("openai/stream.sse");
  const auto ends_at = body.find("\"finish_reason\":\"stop\"");
  REQUIRE(ends_at != std::string::npos);
  for (std::size_t size = 0; size < ends_at; ++size)
    REQUIRE_FALSE(
      decode(*codec, ask(true), head_of(200, sse), body.substr(0, size)).reply.has_value());
}

TEST_CASE("openai: check and models ask for the list, and never for a model") {
  CHECK(codec->check_request(0).method == "GET");
  CHECK(codec->check_request(0).url == "https://api.openai.com/v1/models");
  CHECK(codec->decode_check(head_of(200, json_type), fixture("openai/models.json")).has_value());
  CHECK(codec->decode_check(head_of(404, json_type), "{}").has_value());
  const auto denied =
    codec->decode_check(head_of(401, json_type), fixture("openai/error_401.json"));
  REQUIRE_FALSE(denied.has_value());
  CHECK(denied.error().code == errc::provider_rejected);
  const auto models = codec->decode_models(head_of(200, json_type), fixture("openai/models.json"));
  REQUIRE(models.has_value());
  CHECK(models->names == std::vector<std::string>{"gpt-4-turbo", "gpt-3.5-turbo"});
  CHECK_FALSE(codec->decode_models(head_of(200, json_type), R"({"data":7})").has_value());
}

TEST_CASE("openai: a list of models may be bare, and a server may have none") {
  const auto bare =
    codec->decode_models(head_of(200, json_type), R"([{"id":"llama-3","object":"model"}])");
  REQUIRE(bare.has_value());
  CHECK(bare->names == std::vector<std::string>{"llama-3"});
  for (const int status : {404, 405}) {
    const auto none = codec->decode_models(head_of(status, json_type), R"({"detail":"no"})");
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == errc::not_found);
    CHECK(none.error().detail("provider") == "openai");
  }
}

TEST_CASE("openai: a request names which of several keys it goes out with") {
  auto settings = with_key();
  settings.further_keys = {"sk-test-other-key-123"};
  const auto both = make_openai_codec(settings);
  auto request = ask(true);
  CHECK(header_of(both->encode(request), "authorization") == "Bearer " + settings.key);
  request.key = 1;
  CHECK(header_of(both->encode(request), "authorization") == "Bearer sk-test-other-key-123");
  CHECK(header_of(both->check_request(1), "authorization") == "Bearer sk-test-other-key-123");
  CHECK(header_of(both->models_request("", 1), "authorization") == "Bearer sk-test-other-key-123");
}
