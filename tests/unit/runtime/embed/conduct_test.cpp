// The table "conduct under fault", row by row, in virtual time: what the caller gets, and what the
// providers see.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

script failing(error why, std::chrono::milliseconds after = 0ms) {
  return script{.after = after, .why = std::move(why)};
}

error down() { return error{errc::provider_unavailable, "scripted"}.with("status", "503"); }

error refused() { return error{errc::provider_unavailable, "scripted"}.with("phase", "connect"); }

error late(const char* phase) {
  return error{errc::deadline_exceeded, "scripted"}.with("phase", phase);
}

error cut() { return error{errc::malformed_reply, "scripted"}.with("cut", "true"); }

/// A primary that fails as told and a healthy second.
struct pair_of : virtual_runtime {
  explicit pair_of(std::function<script(const model_request&, std::size_t)> primary,
                   std::function<void(assembly&)> change = {})
    : virtual_runtime{[change = std::move(change)](assembly& parts, agent_library&) {
        parts.models.fallbacks = {"second"};
        if (change)
          change(parts);
      }} {
    play = std::move(primary);
  }
  std::shared_ptr<event_log> say(bool stream = false) {
    turn_request request;
    request.message = "hello";
    request.agent = "seller";
    request.stream = stream;
    auto log = submit(std::move(request));
    run();
    return log;
  }
  health_snapshot health_of(std::size_t index) {
    return runtime->env().provider_state[index]->health.snapshot(runtime->env().clock->now());
  }
};

std::function<script(const model_request&, std::size_t)> always(error why) {
  return [why](const model_request&, std::size_t) { return failing(why); };
}

std::vector<std::string> tried(const event_log& log) {
  std::vector<std::string> names;
  for (const auto& one : log.reply().parts.at(0).attempts)
    names.push_back(one.provider);
  return names;
}

using list = std::vector<std::string>;

void check_second_answered(const event_log& log) {
  CHECK(log.reply().status == turn_status::ok);
  CHECK(log.reply().message == "from the second");
  CHECK(log.reply().parts[0].provider == "second");
  CHECK(log.reply().usage == token_usage{10, 5}); // of the answer alone
  CHECK(log.in_order());
}

} // namespace

TEST_CASE("a provider that asks to wait longer than the deadline is left at once") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 60s;
  pair_of rt{always(why)};
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "second"});
}

TEST_CASE("a pause never delays a fallback that could already run") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 2s;
  pair_of rt{always(why)};
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
}

TEST_CASE("while a provider rests, the next call goes elsewhere without asking it") {
  auto why = error{errc::rate_limited, "busy"};
  why.retry_after = 2s;
  pair_of rt{always(why)};
  rt.say();
  rt.advance(5ms);
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(tried(*log) == list{"second"});
  CHECK(log->reply().parts[0].why_model.find("scripted is at its limit") != std::string::npos);
  CHECK(rt.provider->requests().size() == 1);
}

TEST_CASE("a rate limit without a time is tried three times at most, with growing pauses") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.core.rate_limit_retry_base = 1s; }};
  rt.play = [](const model_request&, std::size_t) {
    return failing(error{errc::rate_limited, "busy"});
  };
  const auto log = rt.ask("hello");
  rt.advance(5s);
  CHECK(log->reply().why.code == errc::rate_limited);
  CHECK(rt.provider->requests().size() == 3);
}

TEST_CASE("one server error is cured by the same provider") {
  pair_of rt{
    [](const model_request&, std::size_t call) { return call == 0 ? failing(down()) : script{}; }};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().message == "an answer");
  CHECK(tried(*log) == list{"scripted", "scripted"});
  CHECK(rt.second->requests().empty());
}

TEST_CASE("a provider that stays broken is left after its attempts") {
  pair_of rt{always(down())};
  const auto log = rt.say();
  rt.advance(200ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "scripted", "scripted", "second"});
}

TEST_CASE("a refused connection is tried once more, then left") {
  pair_of rt{always(refused())};
  const auto log = rt.say();
  rt.advance(60ms);
  check_second_answered(*log);
  CHECK(tried(*log) == list{"scripted", "scripted", "second"});
}

TEST_CASE("a silent route is not tried again in the same turn, by no part of it") {
  pair_of rt{always(late("first_byte")), [](assembly& parts) {
               auto more = part("quick_replies", part_source::model, false, 0.9, "response");
               more.instruction = "Propose replies.";
               parts.agents[1].parts = {more};
             }};
  const auto log = rt.say();
  rt.advance(60ms);
  REQUIRE(log->reply().parts.size() == 2);
  CHECK(rt.provider->requests().size() == 1);
  CHECK(rt.second->requests().size() == 2);
  const auto next = rt.say();
  rt.advance(60ms);
  CHECK(rt.provider->requests().size() == 2); // the next turn is another matter
}

TEST_CASE("a first token that is late ends the attempt and closes its socket") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 10s, .tokens = {"too late"}, .text = "too late"};
             },
             [](assembly& parts) { parts.providers[0].first_token_timeout = 500ms; }};
  const auto log = rt.say(true);
  rt.advance(499ms);
  CHECK(rt.provider->running() == 1);
  rt.advance(10ms);
  CHECK(rt.provider->running() == 0);
  check_second_answered(*log);
  CHECK(log->reply().parts[0].attempts[0].outcome == errc::deadline_exceeded);
  CHECK(log->count(event_type::restarted) == 0); // nothing was shown yet
}

TEST_CASE("a first token that comes in time leaves the stream alone") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 2s, .tokens = {"a", "b", "c", "d"}, .text = "abcd"};
             },
             [](assembly& parts) { parts.providers[0].first_token_timeout = 500ms; }};
  const auto log = rt.say(true);
  rt.advance(3s);
  CHECK(log->reply().message == "abcd");
}

TEST_CASE("a cut or stalled stream is void, and the fallback tells it whole") {
  for (const auto& why : {cut(), late("idle")}) {
    pair_of rt{[&](const model_request&, std::size_t) {
      return script{.after = 50ms, .tokens = {"half"}, .why = why};
    }};
    const auto log = rt.say(true);
    rt.advance(200ms);
    check_second_answered(*log);
    CHECK(log->count(event_type::restarted) == 1);
    CHECK(rt.provider->requests().size() == 1);
  }
}

TEST_CASE("without a fallback a cut stream is told once more by the same provider") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return failing(cut()); };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  CHECK(log->reply().why.code == errc::malformed_reply);
  CHECK(rt.provider->requests().size() == 2);
}

TEST_CASE("held-back tokens are never shown of a stream that is cut early") {
  pair_of rt{[](const model_request&, std::size_t) {
               return script{.after = 50ms, .tokens = {"half"}, .why = cut()};
             },
             [](assembly& parts) { parts.core.conduct.hold_tokens = 2; }};
  const auto log = rt.say(true);
  rt.advance(200ms);
  check_second_answered(*log);
  CHECK(log->streamed().empty());
  CHECK(log->count(event_type::restarted) == 0);
}

TEST_CASE("held-back tokens are shown once the route has proved itself, or has ended well") {
  for (const std::size_t count : {2, 5}) {
    pair_of rt{[count](const model_request&, std::size_t) {
                 return script{.after = 60ms,
                               .tokens = std::vector<std::string>(count, "x"),
                               .text = std::string(count, 'x')};
               },
               [](assembly& parts) { parts.core.conduct.hold_tokens = 2; }};
    const auto log = rt.say(true);
    rt.advance(100ms);
    CHECK(log->streamed() == std::string(count, 'x'));
    CHECK(log->reply().message == std::string(count, 'x'));
  }
}

TEST_CASE("a prompt that is too long goes to a larger model if there is one") {
  pair_of rt{[](const model_request& request, std::size_t) {
               return request.model == "roomy" ? script{}
                                               : failing(error{errc::context_too_long, "too long"});
             },
             [](assembly& parts) { parts.providers[0].long_model = "roomy"; }};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().message == "an answer");
  CHECK(rt.provider->requests().size() == 2);
  CHECK(rt.second->requests().empty()); // nothing says that it holds more
}

TEST_CASE("a prompt that is too long for all is refused with the provider's reason") {
  pair_of rt{always(error{errc::context_too_long, "too long"}.with("reason", "8193 tokens"))};
  const auto log = rt.say();
  rt.advance(60ms);
  CHECK(log->reply().why.code == errc::context_too_long);
  CHECK(log->reply().why.detail("reason") == "8193 tokens");
  CHECK(rt.provider->requests().size() == 1);
  CHECK(rt.second->requests().empty());
}

TEST_CASE("a refused key is ejected and reported, and the fallback answers") {
  pair_of rt{
    always(error{errc::provider_rejected, "no"}.with("status", "401").with("reason", "key"))};
  rt.say();
  rt.advance(5ms);
  CHECK(rt.health_of(0).key_refused);
  const auto log = rt.say();
  rt.advance(5ms);
  check_second_answered(*log);
  CHECK(rt.provider->requests().size() == 1);
  CHECK(log->reply().parts[0].why_model.find("scripted has refused the key") != std::string::npos);
}

TEST_CASE("garbage goes to the fallback at once") {
  for (const auto& why : {error{errc::malformed_reply, "HTML"},
                          error{errc::malformed_reply, "endless"}.with("limit", "size")}) {
    pair_of rt{always(why)};
    const auto log = rt.say();
    rt.advance(60ms);
    check_second_answered(*log);
    CHECK(rt.provider->requests().size() == 1);
  }
}

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
