#include "adapters/providers/ollama/ollama_codec.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/adapters/providers/decode_helpers.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

const auto codec = make_ollama_codec({});
constexpr auto ndjson = "application/x-ndjson";
constexpr auto json_type = "application/json; charset=utf-8";
const std::string streamed_text = "The kettle costs $24. Très bien!";

decoded streamed(const std::string& name, const result<void>& transport = {}) {
  return decode(*codec, ask(true), head_of(200, ndjson), fixture("ollama/" + name),
                std::string::npos, std::string::npos, transport);
}

decoded refused(int status, const std::string& name) {
  return decode(*codec, ask(false), head_of(status, json_type), fixture("ollama/" + name));
}

} // namespace

TEST_CASE("ollama: a request carries model, messages, every option and keep_alive") {
  auto request = ask(true);
  request.model = "llama3.2:1b";
  request.tuning.temperature = 0.7;
  request.tuning.top_k = 40;
  request.tuning.top_p = 0.9;
  request.tuning.num_ctx = 2048;
  request.tuning.max_tokens = 512;
  request.tuning.num_batch = 256;
  request.tuning.num_gpu = -1;
  request.tuning.num_thread = 4;
  request.tuning.stop = {"\n\n", "User:"};
  request.tuning.keep_alive = "10m";
  const auto sent = codec->encode(request);
  CHECK(sent.method == "POST");
  CHECK(sent.url == "http://127.0.0.1:11434/api/chat");
  CHECK(boost::json::parse(sent.body) == boost::json::parse(R"({
    "model": "llama3.2:1b", "stream": true, "keep_alive": "10m",
    "messages": [{"role": "system", "content": "You sell kitchen ware."},
                 {"role": "user", "content": "How much is the blue kettle, please?"}],
    "options": {"temperature": 0.7, "top_k": 40, "top_p": 0.9, "num_ctx": 2048, "num_predict": 512,
                "num_batch": 256, "num_gpu": -1, "num_thread": 4, "stop": ["\n\n", "User:"]}})"));
}

TEST_CASE("ollama: what is not set is not sent") {
  ollama_settings settings;
  settings.keep_alive.clear();
  const auto body =
    boost::json::parse(make_ollama_codec(settings)->encode(ask(false)).body).as_object();
  CHECK(body.at("model") == "gemma3:4b");
  CHECK(body.at("stream") == false);
  CHECK_FALSE(body.contains("options"));
  CHECK_FALSE(body.contains("keep_alive"));
}

TEST_CASE("ollama: a keep_alive without a unit is a number, one with a unit is text") {
  auto request = ask(false);
  request.tuning.keep_alive = "-1";
  CHECK(boost::json::parse(codec->encode(request).body).at("keep_alive") == -1);
  request.tuning.keep_alive = "24h";
  CHECK(boost::json::parse(codec->encode(request).body).at("keep_alive") == "24h");
}

TEST_CASE("ollama: the address is taken in every form that OLLAMA_HOST has") {
  CHECK(ollama_url("") == "http://127.0.0.1:11434");
  CHECK(ollama_url("gpu-box") == "http://gpu-box:11434");
  CHECK(ollama_url("gpu-box:8080") == "http://gpu-box:8080");
  CHECK(ollama_url(":8080") == "http://127.0.0.1:8080");
  CHECK(ollama_url("0.0.0.0") == "http://127.0.0.1:11434");
  CHECK(ollama_url("0.0.0.0:9999") == "http://127.0.0.1:9999");
  CHECK(ollama_url("http://0.0.0.0:9999/") == "http://127.0.0.1:9999");
  CHECK(ollama_url("https://models.example/sub/") == "https://models.example/sub");
  CHECK(ollama_url("http://localhost:11434") == "http://localhost:11434");
  CHECK(ollama_url("[::1]") == "http://[::1]:11434");
  CHECK(ollama_url("[::1]:8080") == "http://[::1]:8080");
}

TEST_CASE("ollama: a whole answer gives text, model, finish reason and usage") {
  const auto got =
    decode(*codec, ask(false), head_of(200, json_type), fixture("ollama/whole.json"));
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == "The kettle costs $24.50.");
  CHECK(got.reply->model == "gemma3:4b");
  CHECK(got.reply->finish_reason == "stop");
  CHECK(got.reply->tokens == token_usage{26, 8});
  CHECK(got.tokens.empty());
}

TEST_CASE("ollama: a stream gives tokens and the same reply, wherever its bytes are cut") {
  const auto body = fixture("ollama/stream.ndjson");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const auto got = decode(*codec, ask(true), head_of(200, ndjson), body, cut);
    REQUIRE(got.reply.has_value());
    REQUIRE(got.tokens.size() == 7);
    REQUIRE(got.joined() == streamed_text);
    REQUIRE(got.reply->text == streamed_text);
    REQUIRE(got.reply->tokens == token_usage{26, 8});
  }
  const auto bytewise = decode(*codec, ask(true), head_of(200, ndjson), body, 1, 1);
  CHECK(bytewise.joined() == streamed_text);
  CHECK(bytewise.ended_early);
  CHECK(bytewise.sound);
}

TEST_CASE("ollama: an answer that reached its length says so") {
  CHECK(streamed("stream_length.ndjson").reply->finish_reason == "length");
}

TEST_CASE("ollama: a stream without its last line is cut, however the connection ended") {
  const error reset = error{errc::provider_unavailable, "reset"}.with("phase", "body");
  for (const auto& transport : {result<void>{}, result<void>{reset}}) {
    const auto got = streamed("stream_cut.ndjson", transport);
    CHECK(got.why().code == errc::malformed_reply);
    CHECK(got.why().detail("cut") == "true");
    CHECK(got.why().detail("provider") == "ollama");
    CHECK(got.joined() == streamed_text);
  }
}

TEST_CASE("ollama: a broken line is passed over if the rest is whole, and the connection dropped") {
  const auto got = streamed("stream_malformed_line.ndjson");
  REQUIRE(got.reply.has_value());
  CHECK(got.reply->text == streamed_text);
  CHECK_FALSE(got.sound);
}

TEST_CASE("ollama: an error within a stream is provider_unavailable with its words") {
  const auto got = streamed("stream_error.ndjson");
  CHECK(got.why().code == errc::provider_unavailable);
  CHECK(got.why().detail("reason").find("unexpected EOF") != std::string_view::npos);
  CHECK(got.why().detail("cut") == "true");
  CHECK(got.ended_early);
}

TEST_CASE("ollama: refusals have their kind and the server's words") {
  const auto missing = refused(404, "error_404.json").why();
  CHECK(missing.code == errc::provider_rejected);
  CHECK(missing.detail("status") == "404");
  CHECK(missing.detail("reason") == "model 'gemma9' not found");
  CHECK(refused(503, "error_503.json").why().code == errc::provider_unavailable);
}

TEST_CASE("ollama: an answer that its length ended before it had text says so") {
  const auto got =
    decode(*codec, ask(false), head_of(200, json_type),
           R"({"message":{"content":"","thinking":"Hm."},"done":true,"done_reason":"length"})");
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.why().detail("limit") == "length");
}

TEST_CASE("ollama: what is no answer is malformed_reply, whole or streamed") {
  for (const bool stream : {false, true}) {
    const auto outcome = [&](const char* type, std::string_view body) {
      return decode(*codec, ask(stream), head_of(200, type), body).why().code;
    };
    CHECK(outcome("text/html", "<html></html>") == errc::malformed_reply);
    CHECK(outcome(json_type, "") == errc::malformed_reply);
    CHECK(outcome(json_type, "gibberish") == errc::malformed_reply);
    CHECK(outcome(json_type, "[]") == errc::malformed_reply);
    CHECK(outcome(json_type, "{}") == errc::malformed_reply);
    CHECK(outcome(json_type, R"({"done":"yes","message":{"content":1}})") == errc::malformed_reply);
    CHECK(outcome(json_type, R"({"done":true,"message":{"content":""}})") == errc::malformed_reply);
    CHECK(outcome(json_type, "{\"message\":{\"content\":\"\xFF\xFE\"},\"done\":true}")
          == errc::malformed_reply);
  }
}

TEST_CASE("ollama: no prefix of a whole answer passes for one") {
  const auto body = fixture("ollama/whole.json");
  for (std::size_t size = 0; size + 2 < body.size(); ++size)
    REQUIRE_FALSE(
      decode(*codec, ask(false), head_of(200, json_type), body.substr(0, size)).reply.has_value());
}

TEST_CASE("ollama: an answer beyond the allowed length is stopped") {
  ollama_settings settings;
  settings.max_reply_bytes = 20;
  const auto small = make_ollama_codec(settings);
  const auto got =
    decode(*small, ask(true), head_of(200, ndjson), fixture("ollama/stream.ndjson"), 1, 1);
  CHECK(got.why().code == errc::malformed_reply);
  CHECK(got.ended_early);
  CHECK(got.joined().size() <= 20);
}

TEST_CASE("ollama: the check asks for the version, and models are listed") {
  CHECK(codec->check_request(0).method == "GET");
  CHECK(codec->check_request(0).url == "http://127.0.0.1:11434/api/version");
  CHECK(codec->decode_check(head_of(200, json_type), fixture("ollama/version.json")).has_value());
  CHECK_FALSE(codec->decode_check(head_of(502, "text/html"), "<html>").has_value());
  CHECK(codec->models_request("", 0).url == "http://127.0.0.1:11434/api/tags");
  const auto models = codec->decode_models(head_of(200, json_type), fixture("ollama/tags.json"));
  REQUIRE(models.has_value());
  CHECK(models->names == std::vector<std::string>{"gemma3:4b", "llama3.2:1b"});
  CHECK_FALSE(codec->decode_models(head_of(200, json_type), "{}").has_value());
}
