// What model calls cost, and that no more is spent than may be.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/embed/priced_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

/// An attempt that gives no answer, is not tried again, and is known to have cost 0.03 cents.
script fails_at_a_price(const model_request&, std::size_t) {
  script cut{.why = error{errc::invalid_request, "cut"}, .usage = {10, 2}};
  cut.tells_usage = true;
  return cut;
}

/// Two parts that ask a model side by side.
void two_parts(agent_library& library) {
  library.add("seller", std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
                return part_plan{part("response", part_source::model, true, 0.97),
                                 part("quick_replies", part_source::model, false, 0.9)};
              }));
}

} // namespace

TEST_CASE("an answer says what it has cost, for each part and in all") {
  priced rt;
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  REQUIRE(log->reply().status == turn_status::ok);
  CHECK(log->reply().parts[0].cost == one_answer);
  CHECK(log->reply().cost == one_answer);
  CHECK(log->reply().wasted == usd{});
  CHECK(rt.day().spent == one_answer);
  CHECK(rt.day().reserved == usd{});
}

TEST_CASE("what was spent on a turn that is not stored is kept soon after, once") {
  priced rt;
  rt.play = fails_at_a_price;
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(rt.day().spent == usd{300'000});
  CHECK(rt.store->keeps() == 0);
  rt.advance(20ms);
  REQUIRE(rt.store->spent().size() == 1);
  CHECK(rt.store->spent()[0].wasted == usd{300'000});
  rt.ask("hello");
  rt.advance(50ms);
  CHECK(rt.store->spent().size() == 2);
  CHECK(rt.store->keeps() == 2);
}

TEST_CASE("what was spent and is not kept when the runtime stops is kept then") {
  const auto kept = std::make_shared<memory_store>();
  {
    priced rt{{}, kept};
    rt.play = fails_at_a_price;
    rt.ask("hello");
    rt.advance(5ms);
    CHECK(kept->spent().empty());
  }
  CHECK(kept->spent().size() == 1);
}

TEST_CASE("a call that may cost more than is left is refused before the provider sees it") {
  priced rt{[](assembly& parts, agent_library&) { parts.core.costs.limits.day = cents(1); }};
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("limit") == "day");
  CHECK(log->reply().why.detail("limit_usd") == "0.01");
  CHECK(log->reply().why.detail("resets_at") == "2026-01-02T00:00:00.000Z");
  CHECK(log->reply().why.detail("model") == "scripted-1");
  CHECK(rt.provider->requests().empty());
  CHECK(rt.day().spent == usd{});
}

TEST_CASE("two parts that race for the last cent: exactly one passes") {
  priced rt{[](assembly& parts, agent_library& library) {
    two_parts(library);
    parts.core.costs.limits.request = cents(2); // one is a cent and its prompt
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  const auto log = rt.ask("hello");
  rt.advance(200ms);
  CHECK(rt.provider->requests().size() == 1);
  REQUIRE(log->reply().parts.size() == 2);
  const auto refused =
    std::count_if(log->reply().parts.begin(), log->reply().parts.end(),
                  [](const part_report& part) { return part.why.code == errc::over_budget; });
  CHECK(refused == 1);
  CHECK(log->reply().cost == one_answer);
}

TEST_CASE("turns side by side cannot overspend the day together") {
  priced rt{[](assembly& parts, agent_library&) { parts.core.costs.limits.day = cents(5); }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  std::vector<std::shared_ptr<event_log>> logs;
  logs.reserve(10);
  for (int i = 0; i < 10; ++i)
    logs.push_back(rt.ask("hello"));
  rt.advance(200ms);
  CHECK(rt.provider->requests().size() == 4); // each sets a cent and its prompt aside
  std::size_t answered = 0;
  for (const auto& log : logs)
    answered += log->reply().status == turn_status::ok ? 1U : 0U;
  CHECK(answered == 4);
  CHECK(rt.day().spent == usd{4 * one_answer.nanos});
  CHECK(rt.day().reserved == usd{});
}

TEST_CASE("a fallback that costs nothing answers where the primary is too dear") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.core.costs.limits.request = cents(1);
    parts.models.fallbacks = {"second"};
  }};
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().message == "from the second");
  CHECK(log->reply().cost == usd{});
  CHECK(rt.provider->requests().empty());
  CHECK(log->reply().parts[0].why_model.find("scripted may cost more than is left to spend")
        != std::string::npos);
}

TEST_CASE("a retry is set aside anew, so that failures cannot run through the budget") {
  priced rt{[](assembly& parts, agent_library&) { parts.core.costs.limits.request = cents(2); }};
  rt.play = [](const model_request&, std::size_t) {
    script cut{.why = error{errc::provider_unavailable, "cut"}, .usage = {10, 99}};
    cut.tells_usage = true; // 1 cent
    return cut;
  };
  const auto log = rt.ask("hello");
  rt.advance(5s);
  CHECK(rt.provider->requests().size() == 1);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("limit") == "request");
  CHECK(log->reply().parts[0].attempts.size() == 1);
  CHECK(log->reply().parts[0].wasted == cents(1));
}

TEST_CASE("a turn that is ended from outside says what its parts have cost by then") {
  priced rt{[](assembly&, agent_library& library) { two_parts(library); }};
  rt.play = [](const model_request&, std::size_t call) { return script{.hang = call > 0}; };
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  rt.last_turn.cancel();
  CHECK(log->reply().why.code == errc::cancelled);
  CHECK(log->reply().usage == token_usage{10, 5});
  CHECK(log->reply().cost == one_answer);
}

TEST_CASE("what a failed attempt has used is waste, and the answer after it costs only itself") {
  priced rt;
  rt.play = [](const model_request&, std::size_t call) {
    if (call > 0)
      return script{};
    script cut{.why = error{errc::provider_unavailable, "cut"}, .usage = {10, 2}};
    cut.tells_usage = true;
    return cut;
  };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  REQUIRE(log->reply().status == turn_status::ok);
  CHECK(log->reply().cost == one_answer);
  CHECK(log->reply().wasted == usd{300'000});
  CHECK(log->reply().usage == token_usage{10, 5});
  CHECK(rt.day().spent == usd{900'000});
}

TEST_CASE("a failure that has used nothing costs nothing") {
  priced rt;
  rt.play = [](const model_request&, std::size_t call) {
    return call == 0 ? script{.why = error{errc::provider_unavailable, "down"}} : script{};
  };
  const auto log = rt.ask("hello");
  rt.advance(1s);
  CHECK(log->reply().wasted == usd{});
  CHECK(rt.day().spent == one_answer);
}

TEST_CASE("a stream that its reader cancels is charged what of it had come") {
  priced rt;
  rt.play = [](const model_request&, std::size_t) {
    return script{.after = 300ms, .tokens = {"12345678", "more"}};
  };
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  request.stream = true;
  const auto log = rt.submit(request);
  rt.advance(150ms);
  rt.last_turn.cancel();
  rt.advance(10ms);
  CHECK(log->reply().why.code == errc::cancelled);
  // Two tokens of the answer and its prompt, by estimate.
  CHECK(rt.day().spent > usd{200'000});
  CHECK(rt.day().spent < cents(1));
  CHECK(rt.day().reserved == usd{});
  CHECK(rt.runtime->env().ledger->show(std::nullopt).rows.at(0).failures == 1);
}

TEST_CASE("a call that is cancelled before anything came gives back what was set aside") {
  priced rt;
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  rt.ask("hello");
  rt.advance(10ms);
  CHECK(rt.day().reserved > cents(1));
  rt.last_turn.cancel();
  rt.advance(10ms);
  CHECK(rt.day().reserved == usd{});
  CHECK(rt.day().spent == usd{});
}

TEST_CASE("a call in the queue of its provider gives back what was set aside when it ends there") {
  priced rt{[](assembly& parts, agent_library&) { parts.providers[0].max_concurrent = 1; }};
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  rt.ask("first");
  rt.ask("second");
  rt.advance(10ms);
  const auto both = rt.day().reserved;
  rt.last_turn.cancel();
  rt.advance(10ms);
  CHECK(rt.day().reserved < both);
  CHECK(rt.day().reserved > usd{});
}

TEST_CASE("the slower of two providers that were asked side by side is waste") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.prices = price_list{{price_of("scripted"), price_of("second")}};
    parts.models.fallbacks = {"second"};
    parts.core.conduct.hedge_after = 100ms;
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto log = rt.ask("hello");
  rt.advance(500ms);
  REQUIRE(log->reply().message == "from the second");
  CHECK(log->reply().cost == one_answer);
  CHECK(log->reply().wasted == usd{}); // it had shown nothing
  CHECK(rt.day().reserved == usd{});
}

TEST_CASE("a second provider that would be too dear beside the first is not asked") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.prices = price_list{{price_of("scripted"), price_of("second")}};
    parts.models.fallbacks = {"second"};
    parts.core.conduct.hedge_after = 100ms;
    parts.core.costs.limits.request = cents(2);
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 300ms}; };
  const auto log = rt.ask("hello");
  rt.advance(500ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().parts[0].provider == "scripted");
  CHECK(rt.second->requests().empty());
}

TEST_CASE("calls of tools without a report are charged by their length, streamed and whole") {
  for (const bool stream : {false, true}) {
    priced rt;
    rt.play = [](const model_request&, std::size_t) {
      return script{.text = {}, .calls = {{"c1", "find", std::string(994, 'x')}}, .usage = {}};
    };
    direct_request request;
    request.model = "scripted/scripted-1";
    request.ask.messages.push_back({chat_role::user, "hello", {}, {}});
    request.ask.stream = stream;
    request.ask.tuning.max_tokens = 500;
    const auto log = std::make_shared<event_log>();
    rt.last_turn = rt.runtime->generate(std::move(request), log);
    rt.advance(5ms);
    REQUIRE(log->reply().status == turn_status::ok);
    // 1,000 bytes are 250 tokens; the prompt is a few, which cost a tenth of it each.
    CHECK(rt.day().spent > usd{25'000'000});
    CHECK(rt.day().spent < usd{26'000'000});
  }
}

TEST_CASE("a request that allows itself less is kept to that") {
  priced rt;
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  request.max_cost = usd{1000};
  const auto log = rt.submit(request);
  rt.advance(5ms);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("limit_usd") == "0.000001");
  CHECK(rt.provider->requests().empty());
}

TEST_CASE("a model without a price is refused where the setting says so") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.prices = {};
    parts.providers[0].unknown = unknown_price::refuse;
  }};
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("limit") == "unknown_model");
  CHECK(rt.provider->requests().empty());
}

TEST_CASE("an answer of any length is set aside as the setting says") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.models.tuning.max_tokens.reset();
    parts.core.costs.unlimited_answer = 1000; // 10 cents
  }};
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("limit") == "request");
}

TEST_CASE("where the provider limits an answer by itself, that much of it is set aside") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.models.tuning.max_tokens.reset();
    parts.core.costs.unlimited_answer = 100;
    std::dynamic_pointer_cast<scripted_provider>(parts.providers[0].provider)->set_own_limit(300);
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  rt.ask("hello");
  rt.advance(5ms);
  CHECK(rt.day().reserved > cents(3));
  CHECK(rt.day().reserved < cents(4));
}

TEST_CASE("a day that begins makes room again") {
  priced rt{[](assembly& parts, agent_library&) {
    parts.core.costs.limits = {usd{}, usd{}, usd{}, usd{11'000'000}};
  }};
  rt.ask("hello");
  rt.advance(5ms);
  rt.ask("hello");
  rt.advance(5ms);
  rt.ask("hello");
  rt.advance(5ms);
  const auto before = rt.provider->requests().size();
  CHECK(before == 1);
  auto& scheduler =
    dynamic_cast<caf::scheduler::test_coordinator&>(rt.runtime->system().scheduler());
  scheduler.advance_time(24h);
  const auto log = rt.ask("hello");
  rt.advance(5ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(rt.provider->requests().size() == before + 1);
}

TEST_CASE("money shows in the metrics") {
  priced rt{[](assembly& parts, agent_library&) { parts.core.costs.limits.day = cents(2); }};
  rt.ask("hello");
  rt.advance(5ms);
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  rt.ask("hello");
  rt.ask("hello");
  rt.advance(5ms);
  const auto text = rt.runtime->metrics_text();
  const auto shows = [&](const std::string& line) { return text.find(line) != std::string::npos; };
  CHECK(shows("flipsync_model_cost_usd_total{"));
  CHECK(shows("flipsync_budget_refusals_total{limit=\"day\"} 1"));
  CHECK(shows("flipsync_budget_alerts_total{limit=\"day\",percent=\"100\"} 1"));
  CHECK(shows("flipsync_budget_limit_usd{limit=\"day\"} 0.02"));
}
