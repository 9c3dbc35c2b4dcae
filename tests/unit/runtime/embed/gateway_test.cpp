// Between agents and providers: tries, waits, goes on, and lists what happened.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

script failing(errc code, std::chrono::milliseconds after = 0ms) {
  return script{.after = after, .why = error{code, "scripted failure"}};
}

turn_request streamed(std::string message) {
  turn_request request;
  request.message = std::move(message);
  request.agent = "seller";
  request.stream = true;
  return request;
}

} // namespace

TEST_CASE("a provider that fails once is tried again, and both attempts are listed") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t call) {
    return call == 0 ? failing(errc::provider_unavailable) : script{};
  };
  const auto log = rt.ask("hello");
  rt.advance(100ms);
  CHECK(log->reply().status == turn_status::ok);
  const auto& attempts = log->reply().parts[0].attempts;
  REQUIRE(attempts.size() == 2);
  CHECK(attempts[0].outcome == errc::provider_unavailable);
  CHECK(attempts[0].reason == "scripted failure");
  CHECK(attempts[1].outcome == errc::none);
}

TEST_CASE("a provider that stays down is tried three times, then named in the error") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return failing(errc::provider_unavailable); };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::provider_unavailable);
  CHECK(log->reply().message.empty()); // nothing is filled in
  CHECK(rt.provider->requests().size() == 3);
  CHECK(log->reply().parts[0].provider == "scripted");
  CHECK(log->reply().parts[0].attempts.size() == 3);
}

TEST_CASE("what a provider asked to wait is waited, if the deadline allows") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t call) {
    if (call > 0)
      return script{};
    script limited = failing(errc::rate_limited);
    limited.why.retry_after = 2500ms;
    return limited;
  };
  const auto log = rt.ask("hello");
  rt.advance(2499ms);
  CHECK(rt.provider->requests().size() == 1);
  rt.advance(10ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(rt.provider->started_at()[1] - rt.provider->started_at()[0] >= 2500ms);
}

TEST_CASE("a wait that does not fit the deadline goes to the fallback at once") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.models.fallbacks = {"second"}; }};
  rt.play = [](const model_request&, std::size_t) {
    script limited = failing(errc::rate_limited);
    limited.why.retry_after = 60s;
    return limited;
  };
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().message == "from the second");
  CHECK(log->reply().parts[0].provider == "second");
  REQUIRE(log->reply().parts[0].attempts.size() == 2);
  CHECK(log->reply().parts[0].attempts[0].provider == "scripted");
}

TEST_CASE("a request that the provider refuses is not sent again") {
  for (const auto code :
       {errc::provider_rejected, errc::content_filtered, errc::context_too_long}) {
    virtual_runtime rt;
    rt.play = [code](const model_request&, std::size_t) { return failing(code); };
    const auto log = rt.ask("hello");
    rt.advance(5s);
    CHECK(log->reply().why.code == code);
    CHECK(rt.provider->requests().size() == 1);
  }
}

TEST_CASE("a filtered request is not handed to another provider") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.models.fallbacks = {"second"}; }};
  rt.play = [](const model_request&, std::size_t) { return failing(errc::content_filtered); };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  CHECK(log->reply().why.code == errc::content_filtered);
  CHECK(rt.second->requests().empty());
}

TEST_CASE("tokens reach the caller as they come, and the whole answer at the end") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) {
    return script{.after = 300ms, .tokens = {"one ", "two"}, .text = "one two"};
  };
  const auto log = rt.submit(streamed("hello"));
  rt.advance(110ms);
  CHECK(log->streamed() == "one ");
  rt.advance(300ms);
  CHECK(log->streamed() == "one two");
  CHECK(log->reply().message == "one two");
  CHECK(log->reply().timings.first_token > 90ms);
  CHECK(log->in_order());
}

TEST_CASE("a stream that is cut is restarted, never passed off as whole") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t call) {
    if (call == 0)
      return script{
        .after = 50ms, .tokens = {"half an"}, .why = error{errc::malformed_reply, "cut"}};
    return script{.after = 50ms, .tokens = {"whole ", "answer"}, .text = "whole answer"};
  };
  const auto log = rt.submit(streamed("hello"));
  rt.advance(500ms);
  CHECK(log->count(event_type::restarted) == 1);
  CHECK(log->reply().message == "whole answer");
  std::string after_restart;
  for (const auto& event : log->events) {
    if (event.type == event_type::restarted)
      after_restart.clear();
    if (event.type == event_type::token)
      after_restart += event.text;
  }
  CHECK(after_restart == "whole answer");
}

TEST_CASE("a waiting caller hears how long it has been") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.after = 4s}; };
  const auto log = rt.submit(streamed("hello"));
  rt.advance(3500ms);
  REQUIRE(log->count(event_type::progress) == 2);
  for (const auto& event : log->events)
    if (event.type == event_type::progress)
      CHECK(event.text == "scripted");
  rt.advance(10s);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->count(event_type::progress) == 2);
}

TEST_CASE("after a fallback a waiting caller hears of the provider that is waited for now") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.models.fallbacks = {"second"}; }};
  rt.play = [](const model_request&, std::size_t) {
    return failing(errc::provider_rejected, 1500ms);
  };
  rt.play_second = [](const model_request&, std::size_t) { return script{.after = 4s}; };
  rt.runtime->env().provider_state[1]->latency.record(700ms);
  const auto log = rt.submit(streamed("hello"));
  rt.advance(3500ms);
  std::vector<std::pair<std::string, std::chrono::milliseconds>> heard;
  for (const auto& event : log->events)
    if (event.type == event_type::progress)
      heard.emplace_back(event.text, event.typical);
  CHECK(heard == decltype(heard){{"scripted", 0ms}, {"second", 700ms}});
}

TEST_CASE("calls beyond a provider's concurrency wait their turn") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.providers[0].max_concurrent = 2;
    parts.providers[0].max_waiting = 2;
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  std::vector<std::shared_ptr<event_log>> logs;
  logs.reserve(5);
  for (int i = 0; i < 5; ++i)
    logs.push_back(rt.ask("hello"));
  rt.advance(250ms);
  CHECK(rt.provider->most_running() == 2);
  std::size_t answered = 0;
  std::size_t refused = 0;
  for (const auto& log : logs) {
    answered += log->ended() && log->reply().status == turn_status::ok ? 1 : 0;
    refused += log->ended() && log->reply().why.code == errc::overloaded ? 1 : 0;
  }
  CHECK(answered == 4);
  CHECK(refused == 1);
}

TEST_CASE("an answer beyond the size limit is cut off and refused") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.core.max_reply_bytes = 10;
    parts.core.retry_attempts = 1;
  }};
  rt.play = [](const model_request&, std::size_t) {
    return script{.after = 100ms, .tokens = {"0123456789", "more"}, .hang = true};
  };
  const auto log = rt.submit(streamed("hello"));
  rt.advance(200ms);
  CHECK(log->reply().why.code == errc::malformed_reply);
  CHECK(rt.provider->running() == 0);
}

TEST_CASE("a call that names its provider goes there and nowhere else") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.agents[1].provider = "second";
    parts.models.fallbacks = {"scripted"};
  }};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().message == "from the second");
  CHECK(rt.provider->requests().empty());
}

TEST_CASE("what an agent leaves open of the model's parameters comes from the configuration") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.agents[1].tuning = {.temperature = 0.2, .stop = {"END"}};
    parts.models.tuning = {
      .temperature = 0.7, .max_tokens = 512, .stop = {"STOP"}, .num_ctx = 2048};
  }};
  rt.ask("hello");
  rt.advance(1ms);
  const auto tuning = rt.provider->requests().at(0).tuning;
  CHECK(tuning.temperature == 0.2);
  CHECK(tuning.max_tokens == 512U);
  CHECK(tuning.num_ctx == 2048U);
  CHECK(tuning.stop == std::vector<std::string>{"END"});
}

TEST_CASE("an agent's tier picks the primary's model, and a fallback takes its own") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.agents[1].tier = "fast";
    parts.models.tier_models = {{"fast", "small"}, {"strong", "large"}};
    parts.models.fallbacks = {"second"};
  }};
  rt.play = [](const model_request&, std::size_t) { return failing(errc::provider_rejected); };
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(rt.provider->requests().at(0).model == "small");
  CHECK(rt.second->requests().at(0).model == "scripted-1");
}

TEST_CASE("a part that the configuration changes runs as configured") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    auto more = part("quick_replies", part_source::model);
    more.instruction = "Propose replies.";
    parts.agents[1].parts = {more};
  }};
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  REQUIRE(log->reply().parts.size() == 2);
  CHECK(log->reply().parts[1].provider == "scripted");
  CHECK(rt.provider->requests().size() == 2);
}
