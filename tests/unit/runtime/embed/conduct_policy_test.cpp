// What outlasts one attempt, in virtual time: breakers, the retry bucket, hedges, the minute's
// limits, and what is said of it all.
#include "tests/unit/runtime/embed/conduct_fixture.hpp"

using namespace flipsync;
using namespace flipsync::test;

TEST_CASE("a primary that is down for a minute is left alone, probed, and ramped back") {
  bool healthy = false;
  pair_of rt{
    [&healthy](const model_request&, std::size_t) { return healthy ? script{} : failing(down()); }};
  for (int i = 0; i < 60; ++i) {
    const auto log = rt.say();
    rt.advance(1s);
    check_second_answered(*log);
  }
  // Three attempts of the first turn and two of the second, then one probe each five seconds.
  CHECK(rt.provider->requests().size() <= 5 + 12);
  CHECK(rt.provider->requests().size() >= 5 + 9);
  healthy = true;
  rt.advance(5s);
  const auto probe = rt.say();
  rt.advance(10ms);
  CHECK(tried(*probe) == list{"scripted"});
  CHECK(rt.health_of(0).models.empty());
  CHECK(rt.runtime->env().provider_state[0]->health.allowed("scripted-1", 64) == 1);
  const auto next = rt.say();
  rt.advance(10ms);
  CHECK(tried(*next) == list{"scripted"});
}

TEST_CASE("the last provider of a chain is never ejected by its breaker") {
  bool healthy = false;
  virtual_runtime rt;
  rt.play = [&healthy](const model_request&, std::size_t) {
    return healthy ? script{} : failing(down());
  };
  for (int i = 0; i < 8; ++i) {
    rt.ask("hello");
    rt.advance(500ms);
  }
  healthy = true;
  const auto log = rt.ask("hello");
  rt.advance(10ms);
  CHECK(log->reply().status == turn_status::ok);
}

TEST_CASE("an outage does not multiply the load: the bucket ends the retries") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return failing(down()); };
  for (int i = 0; i < 20; ++i) {
    rt.ask("hello");
    rt.advance(500ms);
  }
  CHECK(rt.provider->requests().size() == 20 + 6);
}

TEST_CASE("a hedge asks a second provider, the faster one answers, the slower one is closed") {
  pair_of rt{[](const model_request&, std::size_t) { return script{.after = 5s}; },
             [](assembly& parts) { parts.core.conduct.hedge_after = 200ms; }};
  const auto log = rt.say();
  rt.advance(199ms);
  CHECK(rt.second->requests().empty());
  rt.advance(10ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "second"});
  CHECK(log->reply().parts[0].attempts[0].outcome == errc::cancelled);
  CHECK(rt.provider->running() == 0);
  CHECK(rt.health_of(1).hedges == 1);
}

TEST_CASE("who has begun to speak is not hedged, and tokens of two providers never mix") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 1s, .tokens = {"one ", "two"}, .text = "one two"};
             },
             [](assembly& parts) { parts.core.conduct.hedge_after = 500ms; }};
  const auto log = rt.say(true);
  rt.advance(2s);
  CHECK(log->streamed() == "one two");
  CHECK(rt.second->requests().empty());
}

namespace {

script second_speaks_after(std::chrono::milliseconds half) {
  return script{.after = 2 * half, .tokens = {"from the second"}, .text = "from the second"};
}

/// A primary that speaks at half a second and is cut at one, beside a hedge after 200 ms.
struct cut_beside_hedge : pair_of {
  cut_beside_hedge()
    : pair_of{[](const model_request&, std::size_t) {
                return script{.after = 1s, .tokens = {"half"}, .why = cut()};
              },
              [](assembly& parts) { parts.core.conduct.hedge_after = 200ms; }} {}
};

/// What a reader that knows `restarted` has in the end.
std::string told_in_the_end(const event_log& log) {
  std::string text;
  for (const auto& event : log.events)
    if (event.type == event_type::restarted)
      text.clear();
    else if (event.type == event_type::token)
      text += event.text;
  return text;
}

} // namespace

TEST_CASE("who lost the race is asked again as a fallback when the winner's stream is cut") {
  cut_beside_hedge rt;
  rt.play_second = [](const model_request&, std::size_t call) {
    return second_speaks_after(call == 0 ? 500ms : 10ms);
  };
  const auto log = rt.say(true);
  rt.advance(800ms);
  CHECK(rt.second->running() == 0);
  rt.advance(300ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"second", "scripted", "second"});
  CHECK(log->count(event_type::restarted) == 1);
  CHECK(told_in_the_end(*log) == "from the second");
  CHECK(rt.health_of(1).failures[static_cast<std::size_t>(fault::outrun)] == 0);
}

TEST_CASE("a hedge that has not spoken when the speaker's stream is cut speaks in its place") {
  cut_beside_hedge rt;
  rt.play_second = [](const model_request&, std::size_t) { return second_speaks_after(1s); };
  const auto log = rt.say(true);
  rt.advance(1010ms);
  CHECK(log->count(event_type::restarted) == 1); // at once: what was said is void
  rt.advance(1500ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "second"});
  CHECK(log->count(event_type::restarted) == 1);
  CHECK(told_in_the_end(*log) == "from the second");
}

TEST_CASE("where winner and hedge both fail, the turn says how, and not that a race was lost") {
  cut_beside_hedge rt;
  rt.play_second = [](const model_request&, std::size_t call) {
    return call == 0 ? second_speaks_after(500ms) : failing(refused());
  };
  const auto log = rt.say(true);
  rt.advance(10s);
  CHECK(log->terminals() == 1);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code != errc::cancelled);
}

TEST_CASE("without hedging nobody is asked twice") {
  pair_of rt{[](const model_request&, std::size_t) { return script{.after = 5s}; }};
  const auto log = rt.say();
  rt.advance(6s);
  CHECK(log->reply().message == "an answer");
  CHECK(rt.second->requests().empty());
}

TEST_CASE("what exceeds a minute's requests goes to the fallback, or waits where there is none") {
  const auto two_a_minute = [](assembly& parts) {
    parts.providers[0].rate.requests_per_minute = 2;
    parts.core.turn_deadline = 90s;
    parts.core.attempt_timeout = 90s;
  };
  pair_of rt{[](const model_request&, std::size_t) { return script{}; }, two_a_minute};
  for (int i = 0; i < 3; ++i) {
    rt.say();
    rt.advance(10ms);
  }
  CHECK(rt.provider->requests().size() == 2);
  CHECK(rt.second->requests().size() == 1);

  virtual_runtime alone{[&](assembly& parts, agent_library&) { two_a_minute(parts); }};
  std::vector<std::shared_ptr<event_log>> logs;
  for (int i = 0; i < 3; ++i) {
    logs.push_back(alone.ask("hello"));
    alone.advance(10ms);
  }
  CHECK(alone.provider->requests().size() == 2);
  alone.advance(60s);
  CHECK(logs[2]->reply().status == turn_status::ok);
}

TEST_CASE("who cannot have its turn in the minute before its deadline is refused clearly") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.providers[0].rate.requests_per_minute = 1; }};
  rt.ask("hello");
  rt.advance(10ms);
  const auto log = rt.ask("hello");
  rt.advance(10ms);
  CHECK(log->reply().why.code == errc::rate_limited);
  CHECK(log->reply().why.retry_after > 59s);
}

TEST_CASE("a task sets how long and how freely the answer may be") {
  virtual_runtime rt{[](assembly& parts, agent_library&) {
    parts.models.tasks.limits = *parse_task_limits({"genre: 100, 0.1"});
  }};
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  request.task = "genre";
  rt.submit(request);
  rt.advance(5ms);
  CHECK(rt.provider->requests().at(0).tuning.max_tokens == 100U);
  CHECK(rt.provider->requests().at(0).tuning.temperature == 0.1);
}

TEST_CASE("the reply says why this model") {
  virtual_runtime rt;
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().parts[0].why_model == "the configured primary");
}

TEST_CASE("a turn that is cancelled closes the attempt, and that is no fault of the provider") {
  pair_of rt{[](const model_request&, std::size_t) { return script{.after = 5s}; }};
  const auto log = rt.say();
  rt.advance(10ms);
  rt.last_turn.cancel();
  rt.run();
  CHECK(rt.provider->running() == 0);
  CHECK(rt.second->requests().empty());
  CHECK(rt.health_of(0).failures[static_cast<std::size_t>(fault::server_error)] == 0);
}

TEST_CASE("what happened at the providers shows in metrics and health") {
  pair_of rt{always(refused())};
  for (int i = 0; i < 3; ++i) {
    rt.say();
    rt.advance(100ms);
  }
  const auto text = rt.runtime->metrics_text();
  const auto shows = [&](std::string_view line) { return text.find(line) != std::string::npos; };
  CHECK(shows("flipsync_provider_breaker{provider=\"scripted\"} 2"));
  CHECK(shows("flipsync_provider_breaker{provider=\"second\"} 0"));
  CHECK(shows("flipsync_provider_retries_total{provider=\"scripted\"} 2"));
  CHECK(shows("fault=\"unreachable\""));
  CHECK(shows("gen_ai_client_operation_duration_seconds_count{"));
  CHECK(shows("error_type=\"provider_unavailable\""));
  CHECK(shows("gen_ai_client_token_usage_sum{"));
  bool seen = false;
  for (const auto& component : rt.runtime->health().components)
    if (component.name == "provider:scripted") {
      seen = component.status == "degraded";
      CHECK(component.detail == "left alone after its failures (breaker open)");
    }
  CHECK(seen);
}
