#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

struct direct_calls {
  virtual_runtime runtime;
  turn last;

  explicit direct_calls(const std::function<void(assembly&, agent_library&)>& change = {})
    : runtime{change} {}

  std::shared_ptr<event_log> start(std::string model, bool stream = false) {
    direct_request request;
    request.model = std::move(model);
    request.ask.messages.push_back({chat_role::user, "hello", {}, {}});
    request.ask.stream = stream;
    request.request_id = "r1";
    auto log = std::make_shared<event_log>();
    last = runtime.runtime->generate(std::move(request), log);
    return log;
  }

  std::shared_ptr<event_log> ask(std::string model, bool stream = false) {
    auto log = start(std::move(model), stream);
    runtime.advance(1ms);
    return log;
  }
};

script failing_with(errc code) {
  script act;
  act.why = error{code, "as scripted"};
  return act;
}

} // namespace

TEST_CASE("a direct call is answered by its model, without agent, route or store") {
  direct_calls calls;
  const auto log = calls.ask("scripted/big");
  CHECK(log->in_order());
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().message == "an answer");
  CHECK(log->reply().finish_reason == "stop");
  CHECK(log->reply().usage == token_usage{10, 5});
  CHECK(log->reply().agent.empty());
  CHECK(log->count(event_type::routed) == 0);
  const auto asked = calls.runtime.provider->requests();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].model == "big");
  CHECK(asked[0].messages.size() == 1);
}

TEST_CASE("a direct call streams its tokens and completes once") {
  direct_calls calls;
  calls.runtime.play = [](const model_request&, std::size_t) {
    script act;
    act.tokens = {"an ", "answer"};
    return act;
  };
  const auto log = calls.ask("scripted/big", true);
  CHECK(log->streamed() == "an answer");
  CHECK(log->terminals() == 1);
}

TEST_CASE("a model is found by its own name where one provider lists it") {
  direct_calls calls;
  CHECK(calls.ask("scripted-1")->reply().status == turn_status::ok);
}

TEST_CASE("an unknown model is not found, after the lists were read") {
  direct_calls calls;
  const auto log = calls.ask("no-such-model");
  CHECK(log->reply().why.code == errc::not_found);
  CHECK(log->reply().why.detail("field") == "model");
  CHECK(calls.runtime.provider->requests().empty());
}

TEST_CASE("an invalid direct call is refused before generate returns") {
  direct_calls calls;
  const auto log = calls.start("");
  REQUIRE(log->ended());
  CHECK(log->reply().why.code == errc::invalid_request);
}

TEST_CASE("the agents' length and style are not laid under a direct call") {
  direct_calls calls{[](assembly& parts, agent_library&) {
    parts.models.tuning.max_tokens = 512;
    parts.models.tuning.temperature = 0.7;
    parts.models.tuning.stop = {"END"};
    parts.models.tuning.num_ctx = 2048;
  }};
  calls.ask("scripted/big");
  const auto asked = calls.runtime.provider->requests();
  REQUIRE(asked.size() == 1);
  CHECK_FALSE(asked[0].tuning.max_tokens);
  CHECK_FALSE(asked[0].tuning.temperature);
  CHECK(asked[0].tuning.stop.empty());
  CHECK(asked[0].tuning.num_ctx == 2048);
}

TEST_CASE("a provider that fails a direct call is retried, and nobody else answers in its place") {
  direct_calls calls{[](assembly& parts, agent_library&) { parts.models.fallbacks = {"second"}; }};
  calls.runtime.play = [](const model_request&, std::size_t) {
    return failing_with(errc::provider_unavailable);
  };
  const auto log = calls.start("scripted/big");
  calls.runtime.advance(10s);
  CHECK(log->reply().why.code == errc::provider_unavailable);
  REQUIRE(log->reply().parts.size() == 1);
  CHECK(log->reply().parts[0].attempts.size() > 1);
  CHECK(calls.runtime.second->requests().empty());
}

TEST_CASE("a cancelled direct call stops its provider at once") {
  direct_calls calls;
  calls.runtime.play = [](const model_request&, std::size_t) {
    script act;
    act.hang = true;
    return act;
  };
  const auto log = calls.ask("scripted/big");
  CHECK_FALSE(log->ended());
  calls.last.cancel("the client left");
  CHECK(calls.runtime.provider->cancelled() == 1);
  calls.runtime.run();
  CHECK(log->reply().why.code == errc::cancelled);
  CHECK(log->terminals() == 1);
}

TEST_CASE("a direct call ends at its deadline even if its provider hangs") {
  direct_calls calls;
  calls.runtime.play = [](const model_request&, std::size_t) {
    script act;
    act.hang = true;
    return act;
  };
  const auto log = calls.ask("scripted/big");
  calls.runtime.advance(31s);
  CHECK(log->reply().why.code == errc::deadline_exceeded);
}

TEST_CASE("direct calls are admitted like turns, and leave their place") {
  direct_calls calls{[](assembly& parts, agent_library&) { parts.core.max_turns_in_flight = 1; }};
  const auto first = calls.start("scripted/big");
  CHECK(calls.start("scripted/big")->reply().why.code == errc::overloaded);
  calls.runtime.advance(1ms);
  CHECK(first->reply().status == turn_status::ok);
  CHECK(calls.ask("scripted/big")->reply().status == turn_status::ok);
}

TEST_CASE("a direct call fails at once if the gateway goes down under it") {
  direct_calls calls;
  calls.runtime.play = [](const model_request&, std::size_t) {
    script act;
    act.after = 5s;
    return act;
  };
  const auto log = calls.ask("scripted/big");
  calls.runtime.kill(calls.runtime.runtime->at_hand()->gateway);
  calls.runtime.advance(6s);
  CHECK(log->reply().why.code == errc::agent_down);
  CHECK(calls.ask("scripted/big")->terminals() == 0); // the next gateway took it
}

TEST_CASE("a crash of the gateway is told before the provider has answered") {
  direct_calls calls;
  calls.runtime.play = [](const model_request&, std::size_t) {
    script act;
    act.hang = true;
    return act;
  };
  const auto log = calls.ask("scripted/big");
  calls.runtime.kill(calls.runtime.runtime->at_hand()->gateway);
  calls.runtime.run();
  CHECK(log->reply().why.code == errc::agent_down);
  CHECK(calls.runtime.provider->cancelled() == 1);
}

TEST_CASE("what models may be asked for is listed by provider") {
  direct_calls calls;
  std::vector<model_offer> found;
  calls.runtime.runtime->models(
    [&](std::vector<model_offer> offers) { found = std::move(offers); });
  CHECK(found == std::vector<model_offer>{{"scripted", "scripted-1"}, {"second", "scripted-1"}});
}

TEST_CASE("tool calls come as pieces while streaming, and whole with the reply") {
  direct_calls calls;
  const tool_call wanted{"c1", "weather", R"({"city":"Bonn"})"};
  calls.runtime.play = [&](const model_request&, std::size_t) {
    script act;
    act.text.clear();
    act.calls = {wanted};
    return act;
  };
  const auto log = calls.ask("scripted/big", true);
  CHECK(log->reply().tool_calls == std::vector{wanted});
  CHECK(log->reply().finish_reason == "tool_calls");
  REQUIRE(log->count(event_type::tool_call) == 1);
  for (const auto& event : log->events)
    if (event.type == event_type::tool_call)
      CHECK(*event.call == tool_call_delta{0, wanted.id, wanted.name, wanted.arguments});
  CHECK(calls.ask("scripted/big")->count(event_type::tool_call) == 0);
}
