// A new configuration for turns that begin from now on.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

/// A runtime whose assembly can be made again, with changes.
struct changing {
  explicit changing(std::function<void(assembly&)> at_start = {})
    : rt{[&](assembly& parts, agent_library& known) {
        if (at_start)
          at_start(parts);
        start = parts;
        start.library = std::make_shared<agent_library>(known);
      }} {
    start.router = router_config{};
    start.router.shopper_default = "shopper";
    start.router.seller_default = "seller";
    for (const auto& spec : start.agents) {
      routed_agent routed;
      routed.name = spec.name;
      routed.who = spec.who;
      start.router.agents.push_back(routed);
    }
  }

  result<void> reload(const std::function<void(assembly&)>& change = {}) {
    auto parts = start;
    if (change)
      change(parts);
    std::optional<result<void>> outcome;
    rt.runtime->reload(std::move(parts), [&](result<void> done) { outcome = std::move(done); });
    REQUIRE(outcome.has_value());
    return *outcome;
  }

  assembly start;
  virtual_runtime rt;
};

void ask_second(assembly& parts) { parts.models.provider = "second"; }

} // namespace

TEST_CASE("the next turn has the new configuration, and one that runs ends with the old one") {
  changing c;
  c.rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  const auto running = c.rt.ask("hello");
  c.rt.advance(10ms);
  REQUIRE(c.reload(ask_second).has_value());
  const auto next = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(next->reply().message == "from the second");
  c.rt.advance(200ms);
  CHECK(running->reply().message == "an answer");
  CHECK(running->reply().parts[0].provider == "scripted");
}

TEST_CASE("a conversation that lives goes on with the new configuration") {
  changing c;
  c.rt.ask("hello", "conv-1");
  c.rt.advance(5ms);
  REQUIRE(c.reload(ask_second).has_value());
  const auto next = c.rt.ask("again", "conv-1");
  c.rt.advance(5ms);
  CHECK(next->reply().message == "from the second");
  const auto requests = c.rt.second->requests();
  REQUIRE_FALSE(requests.empty());
  const auto& messages = requests.back().messages;
  CHECK(std::any_of(messages.begin(), messages.end(),
                    [](const chat_message& m) { return m.text == "an answer"; }));
}

TEST_CASE("what does not fit together changes nothing") {
  changing c;
  const auto refused = c.reload([](assembly& parts) { parts.models.provider = "nobody"; });
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::invalid_request);
  const auto next = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(next->reply().parts[0].provider == "scripted");
}

TEST_CASE("a provider can be taken away and come back") {
  changing c;
  REQUIRE(c.reload([](assembly& parts) {
             parts.providers.erase(parts.providers.begin());
             ask_second(parts);
           })
            .has_value());
  const auto without = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(without->reply().parts[0].provider == "second");
  REQUIRE(c.reload().has_value());
  const auto with = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(with->reply().parts[0].provider == "scripted");
}

TEST_CASE("an agent can be added, and is routed to by its name") {
  changing c;
  REQUIRE(c.reload([](assembly& parts) {
             auto fresh = parts.agents.back();
             fresh.name = "fresh";
             parts.agents.push_back(fresh);
             auto library = std::make_shared<agent_library>(*parts.library);
             library->add("fresh",
                          std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
                            return part_plan{part("response", part_source::model, true)};
                          }));
             parts.library = library;
             routed_agent routed;
             routed.name = "fresh";
             routed.who = audience::seller;
             parts.router.agents.push_back(routed);
           })
            .has_value());
  turn_request request;
  request.message = "hello";
  request.agent = "fresh";
  const auto log = c.rt.submit(request);
  c.rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().agent == "fresh");
  std::size_t listed = 0;
  c.rt.runtime->agents([&](result<std::vector<agent_status>> all) { listed = all.value().size(); });
  CHECK(listed == 3);
}

TEST_CASE("counters of an agent and its pause go on") {
  changing c;
  c.rt.ask("hello");
  c.rt.advance(5ms);
  REQUIRE(c.rt.runtime->office()->pause_agent("seller", true).has_value());
  REQUIRE(c.reload().has_value());
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  const auto log = c.rt.submit(request);
  c.rt.advance(5ms);
  CHECK(log->reply().why.detail("state") == "paused");
}

TEST_CASE("a provider's calls at once are counted through a reload") {
  for (const auto rate : {0U, 100U}) { // with a new rate its health begins anew
    changing c{[](assembly& parts) { parts.providers[0].max_concurrent = 1; }};
    c.rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
    const auto first = c.rt.ask("one");
    c.rt.advance(10ms);
    REQUIRE(
      c.reload([rate](assembly& parts) { parts.providers[0].rate.requests_per_minute = rate; })
        .has_value());
    const auto load = [&] {
      return c.rt.runtime->at_hand()->env->provider_state[0]->places->all();
    };
    const auto second = c.rt.ask("two");
    c.rt.advance(10ms);
    CHECK(load().running == 1);
    CHECK(load().waiting == 1);
    c.rt.advance(90ms);
    CHECK(first->reply().status == turn_status::ok);
    CHECK(load().running == 1);
    CHECK(load().waiting == 0);
    c.rt.advance(100ms);
    CHECK(second->reply().status == turn_status::ok);
    CHECK(load().running == 0);
    CHECK(c.rt.provider->most_running() == 1);
  }
}

TEST_CASE("an agent's turns in hand are counted through a reload") {
  changing c{[](assembly& parts) { parts.agents[1].max_in_flight = 1; }};
  c.rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  const auto first = c.rt.ask("one");
  REQUIRE(c.reload().has_value());
  const auto refused = c.rt.ask("two");
  c.rt.advance(5ms);
  CHECK(refused->reply().why.code == errc::overloaded);
  c.rt.advance(200ms);
  CHECK(first->reply().status == turn_status::ok);
  const auto next = c.rt.ask("three");
  c.rt.advance(200ms);
  CHECK(next->reply().status == turn_status::ok);
}

TEST_CASE("a refused key is tried again at once") {
  changing c;
  c.rt.play = [](const model_request&, std::size_t call) {
    if (call > 0)
      return script{};
    return script{.why = error{errc::provider_rejected, "no"}.with("reason", "key")};
  };
  c.rt.ask("hello");
  c.rt.advance(5ms);
  const auto out = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(out->reply().why.detail("reason") == "key");
  CHECK(c.rt.provider->requests().size() == 1);
  REQUIRE(c.reload().has_value());
  const auto log = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
}

TEST_CASE("a pause holds after a reload, but not for another server or key") {
  changing c;
  c.rt.play = [](const model_request&, std::size_t call) {
    if (call > 0)
      return script{};
    error busy{errc::rate_limited, "busy"};
    busy.retry_after = 10min;
    return script{.why = busy};
  };
  c.rt.ask("hello");
  c.rt.advance(5ms);
  REQUIRE(c.reload().has_value());
  const auto out = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(out->reply().status == turn_status::failed);
  CHECK(c.rt.provider->requests().size() == 1);
  const auto other = [](assembly& parts) { parts.providers[0].access_identity = "other"; };
  REQUIRE(c.reload(other).has_value());
  const auto log = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
}

TEST_CASE("new limits of cost apply to what was spent already") {
  const auto with_limit = [](usd day) {
    return [day](assembly& parts) {
      parts.prices =
        price_list{{{"scripted", "scripted-1", {10'000'000, 0, 100'000'000}, 0, {}, "2026-01-01"}}};
      parts.models.tuning.max_tokens = 100;
      parts.core.costs.limits = {usd{}, usd{}, usd{}, day};
    };
  };
  changing c{with_limit(usd{1'000'000'000})};
  c.rt.ask("hello");
  c.rt.advance(5ms);
  REQUIRE(c.reload(with_limit(usd{1'000'000})).has_value());
  const auto log = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("spent_usd") == "0.0006");
  // And prices: what costs nothing any more is not held against it.
  REQUIRE(c.reload([](assembly& parts) { parts.prices = {}; }).has_value());
  const auto free = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(free->reply().status == turn_status::ok);
}

TEST_CASE("actors of before leave when their last turn has ended") {
  changing c;
  const auto running = [&] { return c.rt.runtime->system().registry().running(); };
  const auto before = running();
  for (int i = 0; i < 20; ++i)
    REQUIRE(c.reload().has_value());
  c.rt.advance(5ms);
  CHECK(running() == before);
}

TEST_CASE("a crash after a reload is healed as before it") {
  changing c;
  REQUIRE(c.reload(ask_second).has_value());
  c.rt.kill(c.rt.runtime->at_hand()->gateway);
  c.rt.advance(5ms);
  const auto log = c.rt.ask("hello");
  c.rt.advance(5ms);
  CHECK(log->reply().message == "from the second");
}
