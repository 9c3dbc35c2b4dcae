/// Kept answers and calls that equal calls share, in virtual time.

#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

/// A second cache that answers when the test says so.
class slow_cache : public second_cache {
public:
  void find(std::string, std::function<void(std::optional<std::string>)> done) override {
    waiting.push_back(std::move(done));
  }
  void keep(std::string, std::string bytes, std::chrono::milliseconds) override {
    kept.push_back(std::move(bytes));
  }
  void clear(std::string, std::function<void(std::optional<std::uint64_t>)> done) override {
    done(0);
  }
  [[nodiscard]] second_cache_view show() const override { return {true, 0, 0}; }

  std::vector<std::function<void(std::optional<std::string>)>> waiting;
  std::vector<std::string> kept;
};

struct sharing {
  std::shared_ptr<slow_cache> second;
  virtual_runtime rt;
  turn last;

  explicit sharing(std::function<void(assembly&, agent_library&)> change = {})
    : rt{[change = std::move(change)](assembly& parts, agent_library& library) {
        parts.core.cache.answers = true;
        if (change)
          change(parts, library);
      }} {}

  struct wish {
    std::string text = "hello";
    bool stream = false;
    std::chrono::milliseconds timeout = 20s;
    double temperature = 0;
    cache_use use = cache_use::by_rule;
    std::string model = "scripted/big";
    std::string tenant = "default";
  };
  std::shared_ptr<event_log> ask(wish w) {
    direct_request request;
    request.model = std::move(w.model);
    request.ask.messages.push_back({chat_role::user, std::move(w.text), {}, {}});
    request.ask.stream = w.stream;
    request.ask.tuning.temperature = w.temperature;
    request.timeout = w.timeout;
    request.cache = w.use;
    request.tenant = std::move(w.tenant);
    auto log = std::make_shared<event_log>();
    last = rt.runtime->generate(std::move(request), log);
    rt.advance(1ms);
    return log;
  }
  [[nodiscard]] std::size_t calls() const { return rt.provider->requests().size(); }
};

script slowly(std::vector<std::string> tokens = {"an ", "ans", "wer"}) {
  script act;
  act.after = 3s;
  act.tokens = std::move(tokens);
  return act;
}

const part_report& part_of(const std::shared_ptr<event_log>& log) {
  return log->reply().parts.at(0);
}

bool good(const std::shared_ptr<event_log>& log) {
  return log->ended() && log->terminals() == 1 && log->in_order()
         && log->reply().status == turn_status::ok && log->reply().message == "an answer";
}

} // namespace

TEST_CASE("a question asked again is answered from the cache, named, and not billed again") {
  sharing s;
  const auto first = s.ask({});
  CHECK(good(first));
  CHECK_FALSE(first->reply().cached);
  const auto again = s.ask({});
  CHECK(good(again));
  CHECK(s.calls() == 1);
  CHECK(again->reply().cached);
  CHECK(part_of(again).status == part_status::cached);
  CHECK(part_of(again).provider == "scripted");
  CHECK(part_of(again).model == part_of(first).model);
  CHECK(part_of(again).attempts.empty());
  CHECK(again->reply().usage == token_usage{});
  CHECK(first->reply().usage == token_usage{10, 5});
}

TEST_CASE("a kept answer is streamed as the one token that it is") {
  sharing s;
  s.ask({});
  const auto again = s.ask({.stream = true});
  CHECK(good(again));
  CHECK(again->count(event_type::token) == 1);
  CHECK(again->streamed() == "an answer");
  CHECK(s.calls() == 1);
}

TEST_CASE("another tenant's answer is not given") {
  sharing s;
  s.ask({});
  CHECK(good(s.ask({.tenant = "other"})));
  CHECK(s.calls() == 2);
}

TEST_CASE("a warm question is asked each time, unless its caller asks for the cache") {
  sharing s;
  s.ask({.temperature = 1.2});
  s.ask({.temperature = 1.2});
  CHECK(s.calls() == 2);
  s.ask({.temperature = 1.2, .use = cache_use::asked});
  s.ask({.temperature = 1.2, .use = cache_use::asked});
  CHECK(s.calls() == 3);
}

TEST_CASE("a caller who refuses the cache gets an answer of its own") {
  sharing s;
  s.ask({});
  CHECK_FALSE(s.ask({.use = cache_use::refused})->reply().cached);
  CHECK(s.calls() == 2);
}

TEST_CASE("errors are not kept") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t call) {
    script act;
    if (call == 0)
      act.why = error{errc::content_filtered, "as scripted"};
    return act;
  };
  CHECK(s.ask({})->reply().why.code == errc::content_filtered);
  CHECK(good(s.ask({})));
  CHECK(s.calls() == 2);
}

TEST_CASE("where caching is off each question is asked") {
  sharing s{[](assembly& parts, agent_library&) { parts.core.cache.answers = false; }};
  s.ask({});
  s.ask({});
  CHECK(s.calls() == 2);
}

TEST_CASE("an agent's answer is kept, until the catalogue changes") {
  sharing s{[](assembly& parts, agent_library&) { parts.models.tuning.temperature = 0.5; }};
  s.rt.ask("what is new");
  s.rt.advance(1ms);
  const auto again = s.rt.ask("what is new");
  s.rt.advance(1ms);
  CHECK(s.calls() == 1);
  CHECK(again->reply().cached);
  CHECK(part_of(again).status == part_status::cached);
  ++s.rt.store->version;
  s.rt.ask("what is new");
  s.rt.advance(1ms);
  CHECK(s.calls() == 2);
}

TEST_CASE("a thousand equal questions at once make one call") {
  sharing s{[](assembly& parts, agent_library&) { parts.core.max_turns_in_flight = 2000; }};
  s.rt.play = [](const model_request&, std::size_t) {
    script act;
    act.after = 5s;
    return act;
  };
  std::vector<std::shared_ptr<event_log>> logs;
  logs.reserve(1000);
  for (int i = 0; i < 1000; ++i)
    logs.push_back(s.ask({.stream = i % 2 == 0}));
  s.rt.advance(5s);
  std::uint64_t billed = 0;
  for (const auto& log : logs) {
    REQUIRE(good(log));
    billed += log->reply().usage.in;
  }
  CHECK(s.calls() == 1);
  CHECK(billed == 10);
}

TEST_CASE("who joins a stream late gets what was said at once, then what follows") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto first = s.ask({.stream = true});
  s.rt.advance(2100ms);
  const auto said = first->streamed();
  REQUIRE_FALSE(said.empty());
  REQUIRE(said != "an answer");
  const auto late = s.ask({.stream = true});
  CHECK(late->streamed() == said);
  CHECK(late->count(event_type::token) == 1);
  s.rt.advance(2s);
  CHECK(good(first));
  CHECK(good(late));
  CHECK(late->streamed() == "an answer");
  CHECK(s.calls() == 1);
}

TEST_CASE("who wants a whole answer joins a stream, and hears no token") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto first = s.ask({.stream = true});
  const auto whole = s.ask({});
  s.rt.advance(4s);
  CHECK(good(first));
  CHECK(good(whole));
  CHECK(whole->count(event_type::token) == 0);
  CHECK(s.calls() == 1);
}

TEST_CASE("the one who began may leave without harm to the others") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto first = s.ask({.stream = true});
  const auto beginner = s.last;
  const auto second = s.ask({.stream = true});
  beginner.cancel("gone");
  s.rt.advance(1ms);
  CHECK(first->reply().why.code == errc::cancelled);
  CHECK(s.rt.provider->cancelled() == 0);
  s.rt.advance(4s);
  CHECK(good(second));
  CHECK(second->reply().usage == token_usage{10, 5}); // somebody pays
  CHECK(s.calls() == 1);
}

TEST_CASE("the deadline of the one who began is not the others'") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto hasty = s.ask({.timeout = 500ms});
  const auto patient = s.ask({.timeout = 10s});
  s.rt.advance(4s);
  CHECK(hasty->reply().why.code == errc::deadline_exceeded);
  CHECK(good(patient));
  CHECK(s.calls() == 1);
}

TEST_CASE("the call ends when the last one has left, before any mailbox is read") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto first = s.ask({});
  const auto a = s.last;
  const auto second = s.ask({});
  const auto b = s.last;
  a.cancel("gone");
  CHECK(s.rt.provider->cancelled() == 0);
  b.cancel("gone");
  CHECK(s.rt.provider->cancelled() == 1);
  s.rt.advance(1ms);
  CHECK(first->terminals() == 1);
  CHECK(second->terminals() == 1);
  // Who comes after that begins anew.
  const auto third = s.ask({});
  s.rt.advance(4s);
  CHECK(good(third));
  CHECK(s.calls() == 2);
}

TEST_CASE("a restart of the answer reaches all, and who joins after it hears only the new one") {
  sharing s{[](assembly& parts, agent_library&) {
    parts.core.retry_attempts = 2;
    parts.core.conduct.patience = 10s;
  }};
  s.rt.play = [](const model_request&, std::size_t call) {
    auto act = slowly();
    if (call == 0) {
      act.tokens = {"wrong ", "way"};
      act.after = 1s;
      act.why = error{errc::provider_unavailable, "cut"};
    }
    return act;
  };
  const auto first = s.ask({.stream = true});
  const auto second = s.ask({.stream = true});
  s.rt.advance(2900ms);
  CHECK(first->count(event_type::restarted) == 1);
  CHECK(second->count(event_type::restarted) == 1);
  const auto late = s.ask({.stream = true});
  s.rt.advance(4s);
  CHECK(late->count(event_type::restarted) == 0);
  CHECK(late->streamed() == "an answer");
  for (const auto& log : {first, second, late})
    CHECK(good(log));
  CHECK(s.calls() == 2);
}

TEST_CASE("a failure is everybody's") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) {
    auto act = slowly({});
    act.why = error{errc::content_filtered, "as scripted"};
    return act;
  };
  const auto first = s.ask({});
  const auto second = s.ask({.stream = true});
  s.rt.advance(4s);
  for (const auto& log : {first, second}) {
    CHECK(log->terminals() == 1);
    CHECK(log->reply().why.code == errc::content_filtered);
  }
  CHECK(s.calls() == 1);
}

TEST_CASE("a crash of the gateway ends a shared call for all, and closes it") {
  sharing s;
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto first = s.ask({});
  const auto second = s.ask({});
  s.rt.kill(s.rt.runtime->at_hand()->gateway);
  s.rt.run();
  CHECK(first->reply().why.code == errc::agent_down);
  CHECK(second->reply().why.code == errc::agent_down);
  CHECK(s.rt.provider->cancelled() == 1);
}

TEST_CASE("what the second cache has is given, and what it has not is asked and left there") {
  const auto second = std::make_shared<slow_cache>();
  sharing s{[&](assembly& parts, agent_library&) { parts.second = second; }};
  const auto first = s.ask({});
  const auto joined = s.ask({.stream = true});
  REQUIRE(second->waiting.size() == 1);
  CHECK(s.calls() == 0);
  second->waiting[0](std::nullopt);
  s.rt.advance(1ms);
  CHECK(good(first));
  CHECK(good(joined));
  CHECK(s.calls() == 1);
  REQUIRE(second->kept.size() == 1);

  const auto again = std::make_shared<slow_cache>();
  sharing t{[&](assembly& parts, agent_library&) { parts.second = again; }};
  const auto whole = t.ask({});
  const auto streamed = t.ask({.stream = true});
  again->waiting.at(0)(second->kept[0]);
  t.rt.advance(1ms);
  CHECK(good(whole));
  CHECK(whole->reply().cached);
  CHECK(good(streamed));
  CHECK(streamed->streamed() == "an answer");
  CHECK(t.calls() == 0);
}

TEST_CASE("a second cache that answers before it returns is told of once") {
  class away final : public slow_cache {
  public:
    void find(std::string, std::function<void(std::optional<std::string>)> done) override {
      done(std::nullopt);
    }
  };
  sharing s{[](assembly& parts, agent_library&) { parts.second = std::make_shared<away>(); }};
  s.rt.play = [](const model_request&, std::size_t) { return slowly(); };
  const auto log = s.ask({});
  s.rt.advance(4s);
  CHECK(good(log));
  CHECK(s.calls() == 1);
}

TEST_CASE("who cannot pay for the call that it began does not take the others with it") {
  const auto second = std::make_shared<slow_cache>();
  sharing s{[&](assembly& parts, agent_library&) {
    parts.second = second;
    parts.prices = price_list{
      {{"scripted", "scripted-1", {10'000'000, 1'000'000, 100'000'000}, 0, {}, "2026-01-01"}}};
    parts.models.tuning.temperature = 0.0;
    parts.models.tuning.max_tokens = 100;
    parts.core.costs.limits = {};
  }};
  turn_request poor;
  poor.message = "hello";
  poor.kept = false;
  poor.max_cost = usd{1000};
  auto rich = poor;
  rich.max_cost.reset();
  const auto refused = s.rt.submit(poor);
  s.rt.advance(1ms);
  const auto answered = s.rt.submit(rich);
  s.rt.advance(1ms);
  REQUIRE(second->waiting.size() == 1);
  second->waiting[0](std::nullopt);
  s.rt.advance(1ms);
  CHECK(refused->reply().why.code == errc::over_budget);
  REQUIRE(second->waiting.size() == 2);
  second->waiting[1](std::nullopt);
  s.rt.advance(1ms);
  CHECK(good(answered));
  CHECK(s.calls() == 1);
}

TEST_CASE("the first who still waits pays in the place of one who left, and its conversation") {
  sharing s{[](assembly& parts, agent_library&) {
    parts.prices = price_list{
      {{"scripted", "scripted-1", {10'000'000, 1'000'000, 100'000'000}, 0, {}, "2026-01-01"}}};
    parts.models.tuning.temperature = 0.0;
    parts.models.tuning.max_tokens = 100;
    parts.core.costs.limits = {};
    parts.core.costs.limits.conversation = usd{15'000'000}; // one call sets a cent and more aside
  }};
  s.rt.play = [](const model_request&, std::size_t) {
    return script{.after = 100ms, .usage = {10, 60}}; // 0.61 cents
  };
  const auto left = s.rt.ask("hello", "conv-a");
  const auto beginner = s.rt.last_turn;
  s.rt.advance(10ms);
  const auto stays = s.rt.ask("hello", "conv-b");
  s.rt.advance(10ms);
  REQUIRE(s.calls() == 1);
  beginner.cancel("gone");
  s.rt.advance(100ms);
  CHECK(left->reply().why.code == errc::cancelled);
  REQUIRE(good(stays));
  CHECK(stays->reply().cost == usd{6'100'000});
  const auto over = s.rt.ask("once more", "conv-b");
  s.rt.advance(200ms);
  CHECK(over->reply().why.code == errc::over_budget);
  CHECK(over->reply().why.detail("limit") == "conversation");
  const auto free = s.rt.ask("once more", "conv-a");
  s.rt.advance(200ms);
  CHECK(free->reply().status == turn_status::ok);
}

TEST_CASE("a second cache that hangs costs its limit and no more, and may answer late") {
  const auto second = std::make_shared<slow_cache>();
  sharing s{[&](assembly& parts, agent_library&) { parts.second = second; }};
  const auto log = s.ask({});
  s.rt.advance(990ms);
  CHECK_FALSE(log->ended());
  s.rt.advance(20ms);
  CHECK(good(log));
  second->waiting.at(0)(std::nullopt);
  s.rt.advance(1ms);
  CHECK(log->terminals() == 1);
}
