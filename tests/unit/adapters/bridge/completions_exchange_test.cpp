#include "adapters/bridge/completions_exchange.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

constexpr const char* streamed =
  R"({"model":"one/small","stream":true,"messages":[{"role":"user","content":"hello"}]})";

/// What a client gets of a stream whose turn does what the script says.
raw_response stream_of(const fake_facade::script& act, const char* body = streamed) {
  door d;
  d.runtime->on_submit = act;
  return d.connect().request("POST", "/v1/chat/completions", body,
                             "Content-Type: application/json\r\n");
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("tokens become chunks: the role, the pieces, the reason, the end mark") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    t->emit(event_type::token, "he");
    t->emit(event_type::token, "llo");
    t->complete("hello");
  });
  CHECK(r.status == 200);
  CHECK(r.header("content-type") == "text/event-stream");
  CHECK(count(r.body, "data: ") == 5);
  CHECK(holds(r.body, R"("id":"chatcmpl-turn_1","object":"chat.completion.chunk",)"
                      R"("created":1700000000,"model":"one/small")"));
  CHECK(holds(r.body, R"("delta":{"role":"assistant","content":"","refusal":null})"));
  CHECK(holds(r.body, R"("delta":{"content":"he"})"));
  CHECK(holds(r.body, R"("delta":{"content":"llo"})"));
  CHECK(holds(r.body, R"("delta":{},"logprobs":null,"finish_reason":"stop")"));
  CHECK_FALSE(holds(r.body, "\"usage\""));
  CHECK_THAT(r.body, EndsWith("data: [DONE]\n\n"));
}

TEST_CASE("the usage comes where it was asked for") {
  const auto r =
    stream_of([](const std::shared_ptr<fake_turn>& t) { t->complete("hello"); },
              R"({"model":"one/small","stream":true,"stream_options":{"include_usage":true},)"
              R"("messages":[{"role":"user","content":"hello"}]})");
  CHECK(count(r.body, R"("usage":null)") == 3);
  CHECK(count(r.body, R"("choices":[],"usage":{"prompt_tokens":0)") == 1);
}

TEST_CASE("an answer that did not stream comes in one piece") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    t->complete("all at once");
  });
  CHECK(holds(r.body, R"("delta":{"content":"all at once"})"));
  CHECK_THAT(r.body, EndsWith("data: [DONE]\n\n"));
}

TEST_CASE("a failure before the first piece has a status of its own") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
    t->fail(error{errc::rate_limited, "slow down"});
  });
  CHECK(r.status == 429);
  CHECK(holds(r.body, R"("code":"rate_limit_exceeded")"));
}

TEST_CASE("a failure after tokens is an error event and no end mark") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::token, "he");
    t->fail(error{errc::provider_unavailable, "gone"});
  });
  CHECK(r.status == 200);
  CHECK(holds(r.body, R"(data: {"error":{"message":"gone")"));
  CHECK_FALSE(holds(r.body, "[DONE]"));
  CHECK_FALSE(holds(r.body, R"("finish_reason":")"));
}

TEST_CASE("an answer that is begun anew and says the same goes on") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::token, "The answer ");
    t->emit(event_type::restarted, "cut");
    t->emit(event_type::token, "The ");
    t->emit(event_type::token, "answer is 42");
    t->complete("The answer is 42");
  });
  CHECK(count(r.body, R"("role":"assistant")") == 1);
  CHECK(holds(r.body, R"("delta":{"content":"The answer "})"));
  CHECK(holds(r.body, R"("delta":{"content":"is 42"})"));
  CHECK_THAT(r.body, EndsWith("data: [DONE]\n\n"));
}

TEST_CASE("an answer that is begun anew and differs is an error, and its turn is stopped") {
  door d;
  std::shared_ptr<fake_turn> turn;
  d.runtime->on_submit = [&](const std::shared_ptr<fake_turn>& t) {
    turn = t;
    t->emit(event_type::token, "The answer ");
    t->emit(event_type::restarted, "cut");
    t->emit(event_type::token, "No ");
  };
  const auto r = d.connect().request("POST", "/v1/chat/completions", streamed,
                                     "Content-Type: application/json\r\n");
  CHECK(holds(r.body, R"(data: {"error":)"));
  CHECK_FALSE(holds(r.body, "[DONE]"));
  CHECK_FALSE(holds(r.body, "No "));
  CHECK(turn->wait_cancelled() == "the answer cannot be continued");
}

TEST_CASE("tool calls stream as pieces, and none can be begun anew") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit_call({0, "c1", "weather", ""});
    t->emit_call({0, {}, {}, "{}"});
    turn_reply reply;
    reply.finish_reason = "tool_calls";
    reply.tool_calls = {{"c1", "weather", "{}"}};
    t->finish(event_type::completed, reply);
  });
  CHECK(count(r.body, R"("tool_calls":[{)") == 2);
  CHECK(holds(r.body, R"("finish_reason":"tool_calls")"));
  const auto broken = stream_of([](const std::shared_ptr<fake_turn>& t) {
    t->emit_call({0, "c1", "weather", ""});
    t->emit(event_type::restarted, "cut");
  });
  CHECK(holds(broken.body, R"(data: {"error":)"));
  CHECK_FALSE(holds(broken.body, "[DONE]"));
}

TEST_CASE("tool calls of a provider that does not stream them come with the end") {
  const auto r = stream_of([](const std::shared_ptr<fake_turn>& t) {
    turn_reply reply;
    reply.finish_reason = "tool_calls";
    reply.tool_calls = {{"c1", "weather", "{}"}};
    t->finish(event_type::completed, reply);
  });
  CHECK(holds(r.body, R"("tool_calls":[{"index":0,"id":"c1","type":"function",)"
                      R"("function":{"name":"weather","arguments":"{}"}}])"));
}

TEST_CASE("a slow model is waited for in silence, then the stream is begun and kept open") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/v1/chat/completions", streamed));
  const auto turn = d.runtime->next_turn();
  turn->emit_progress(std::chrono::seconds{1});
  turn->emit_progress(std::chrono::seconds{20});
  CHECK(client.read_head().status == 200);
  CHECK_THAT(client.read_chunk(), ContainsSubstring(R"("role":"assistant")"));
  turn->fail(error{errc::deadline_exceeded, "too late"});
  CHECK_THAT(client.read_chunk(), ContainsSubstring(R"({"error":{"message":"too late")"));
}

TEST_CASE("a reader that does not read is cut off") {
  bridge_settings settings;
  settings.max_stream_buffer = 16 * 1024;
  door d{settings};
  d.hold_turns();
  auto client = d.connect(4096);
  client.send(json_post("/v1/chat/completions", streamed));
  const auto turn = d.runtime->next_turn();
  const std::string piece(8 * 1024, 'x');
  for (int i = 0; i < 4000 && !turn->cancelled(); ++i)
    turn->emit(event_type::token, piece);
  CHECK_FALSE(turn->wait_cancelled().empty());
}
