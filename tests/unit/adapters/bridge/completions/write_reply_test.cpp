#include "adapters/bridge/completions/write_reply.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::completions;

namespace {

turn_reply answer(std::string message) {
  turn_reply reply;
  reply.id = "turn_1";
  reply.message = std::move(message);
  reply.finish_reason = "stop";
  reply.usage = {7, 3};
  reply.timings.total = std::chrono::milliseconds{5};
  part_report part;
  part.required = true;
  part.provider = "one";
  part.model = "small-1";
  part.attempts = {{"one", "small-1", std::chrono::milliseconds{4}, errc::none, {}}};
  reply.parts = {part};
  return reply;
}

const reply_head head{"turn_1", "one/small", 1'700'000'000};

std::string completion(const turn_reply& reply) {
  std::string out;
  append_completion(out, head, reply);
  return out;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* facts =
  R"("flipsync":{"turn":"turn_1","status":"ok","provider":"one","model":"small-1",)"
  R"("attempts":[{"provider":"one","model":"small-1","ms":4,"outcome":"ok"}],"ms":5,)"
  R"("cost_usd":0,"wasted_usd":0,"saved_usd":0,"cached":false})";

} // namespace

TEST_CASE("a whole answer has the protocol's shape, and our facts beside it") {
  CHECK(completion(answer("hel\"lo"))
        == std::string{R"({"id":"chatcmpl-turn_1","object":"chat.completion","created":1700000000,)"
                       R"("model":"one/small","choices":[{"index":0,"message":{"role":"assistant",)"
                       R"("content":"hel\"lo","refusal":null},"logprobs":null,)"
                       R"("finish_reason":"stop"}],"usage":{"prompt_tokens":7,)"
                       R"("completion_tokens":3,"total_tokens":10},)"}
             + facts + '}');
}

TEST_CASE("costs that are withheld are not among our facts, whole or in chunks") {
  auto reply = answer("hello");
  reply.cost = usd{5};
  auto blind = head;
  blind.costs = flipsync::wire::costs::withheld;
  std::string out;
  append_completion(out, blind, reply);
  chunk_writer{blind, true}.end(out, reply);
  CHECK_FALSE(holds(out, "_usd"));
  CHECK(holds(out, R"("ms":5,"cached":false})"));
}

TEST_CASE("an answer that asks for tools has no content and says why it ended") {
  auto reply = answer("");
  reply.finish_reason = "tool_calls";
  reply.tool_calls = {{"c1", "weather", R"({"city":"Bonn"})"}};
  const auto text = completion(reply);
  CHECK(holds(text, R"("content":null)"));
  CHECK(holds(text, R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"weather",)"
                    R"("arguments":"{\"city\":\"Bonn\"}"}}])"));
  CHECK(holds(text, R"("finish_reason":"tool_calls")"));
}

TEST_CASE("a cut answer says so, and an unknown reason is none of the protocol's") {
  auto reply = answer("x");
  reply.finish_reason = "length";
  CHECK(holds(completion(reply), R"("finish_reason":"length")"));
  reply.finish_reason = "weather";
  CHECK(holds(completion(reply), R"("finish_reason":"stop")"));
}

TEST_CASE("an agent's answer names the agent") {
  auto reply = answer("x");
  reply.agent = "pricing";
  CHECK(holds(completion(reply), R"("agent":"pricing")"));
}

TEST_CASE("chunks have the protocol's shape") {
  const chunk_writer writer{head, false};
  std::string out;
  writer.role(out);
  writer.content(out, "hi");
  writer.end(out, answer("hi"));
  const std::string frame =
    R"(data: {"id":"chatcmpl-turn_1","object":"chat.completion.chunk","created":1700000000,)"
    R"("model":"one/small","choices":[{"index":0,"delta":)";
  CHECK(out
        == frame
             + R"({"role":"assistant","content":"","refusal":null},"logprobs":null,)"
               R"("finish_reason":null}]})"
               "\n\n"
             + frame
             + R"({"content":"hi"},"logprobs":null,"finish_reason":null}]})"
               "\n\n"
             + frame + R"({},"logprobs":null,"finish_reason":"stop"}],)" + facts + "}\n\n"
             + "data: [DONE]\n\n");
}

TEST_CASE("the usage comes last, without choices, and only where it was asked for") {
  const chunk_writer writer{head, true};
  std::string out;
  writer.content(out, "hi");
  CHECK(holds(out, R"("usage":null)"));
  out.clear();
  writer.end(out, answer("hi"));
  CHECK(holds(out, R"("choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,)"
                   R"("total_tokens":10}})"
                   "\n\ndata: [DONE]\n\n"));
}

TEST_CASE("pieces of a tool call name it once") {
  const chunk_writer writer{head, false};
  std::string out;
  writer.call(out, {0, "c1", "weather", ""});
  CHECK(holds(out, R"({"tool_calls":[{"index":0,"id":"c1","type":"function",)"
                   R"("function":{"name":"weather","arguments":""}}]})"));
  out.clear();
  writer.call(out, {0, {}, {}, "{\"a\""});
  CHECK(holds(out, R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]})"));
}

TEST_CASE("a failure in a stream is an event without the end mark") {
  std::string out;
  chunk_writer::failure(out, error{errc::provider_unavailable, "gone"});
  CHECK(out
        == "data: "
           R"({"error":{"message":"gone","type":"server_error","param":null,)"
           R"("code":"provider_unavailable"}})"
           "\n\n");
}

TEST_CASE("the models are ours, the agents, and what providers offer") {
  agent_status pricing;
  pricing.name = "pricing";
  std::string out;
  append_models(out, models_of({pricing}, {{"one", "meta/small"}}));
  CHECK(out
        == R"({"object":"list","data":[)"
           R"({"id":"flipsync","object":"model","created":0,"owned_by":"flipsync"},)"
           R"({"id":"flipsync/pricing","object":"model","created":0,"owned_by":"flipsync"},)"
           R"({"id":"one/meta/small","object":"model","created":0,"owned_by":"one"}]})");
}
