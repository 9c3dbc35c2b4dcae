#include "runtime/core/model/direct_turn.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("an answered call becomes a reply with one part that has all of its attempts") {
  model_outcome outcome;
  outcome.provider = "one";
  outcome.attempts = {
    {"one", "small", std::chrono::microseconds{3}, errc::provider_unavailable, "x"},
    {"one", "small", std::chrono::microseconds{4}, errc::none, {}}};
  outcome.reply.text = "hello";
  outcome.reply.finish_reason = "tool_calls";
  outcome.reply.tool_calls = {{"c1", "weather", "{}"}};
  outcome.reply.tokens = {7, 3};
  const auto reply = direct_reply(outcome);
  CHECK(reply.status == turn_status::ok);
  CHECK(reply.message == "hello");
  CHECK(reply.finish_reason == "tool_calls");
  CHECK(reply.tool_calls == outcome.reply.tool_calls);
  CHECK(reply.usage == token_usage{7, 3});
  REQUIRE(reply.parts.size() == 1);
  CHECK(reply.parts[0].name == "model");
  CHECK(reply.parts[0].provider == "one");
  CHECK(reply.parts[0].model == "small");
  CHECK(reply.parts[0].attempts.size() == 2);
  CHECK(reply.parts[0].took == std::chrono::microseconds{7});
}

TEST_CASE("a failed call becomes a failed reply that bills nothing") {
  model_outcome outcome;
  outcome.reply.tokens = {7, 3};
  outcome.why = error{errc::deadline_exceeded, "too late"};
  const auto reply = direct_reply(outcome);
  CHECK(reply.status == turn_status::failed);
  CHECK(reply.why == outcome.why);
  CHECK(reply.usage == token_usage{});
  REQUIRE(reply.parts.size() == 1);
  CHECK(reply.parts[0].status == part_status::timed_out);
}
