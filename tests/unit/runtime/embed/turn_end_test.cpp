// How a turn ends: once, in time, whatever hangs or dies.
#include <catch2/catch_test_macros.hpp>

#include <future>
#include <stdexcept>
#include <thread>

#include "runtime/core/wire/json.hpp"
#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

TEST_CASE("a turn is answered with its events in order and one terminal event") {
  virtual_runtime rt;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  CHECK(log->reply().message == "an answer");
  CHECK(log->in_order());
  CHECK(log->events.front().type == event_type::turn_started);
  CHECK(log->count(event_type::routed) == 1);
  CHECK(log->count(event_type::part_started) == 1);
  CHECK(log->count(event_type::part_finished) == 1);
  REQUIRE(log->reply().parts.size() == 1);
  CHECK(log->reply().parts[0].provider == "scripted");
  CHECK(log->reply().parts[0].model == "scripted-1");
  CHECK(log->reply().usage == token_usage{10, 5});
  CHECK_FALSE(log->reply().conversation_id.empty());
}

TEST_CASE("a sink is shown the answer while it is being kept, and the end brings the same one") {
  virtual_runtime rt;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  REQUIRE(log->ended());
  REQUIRE(log->answers.size() == 1);
  CHECK(log->events_before_answer == log->events.size() - 1);
  auto shown = log->answers[0];
  shown.timings = log->reply().timings;
  CHECK(wire::to_json(shown) == wire::to_json(log->reply()));
}

TEST_CASE("a turn ends at its deadline even if the provider never answers") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  request.timeout = 2000ms;
  const auto log = rt.submit(request);
  rt.advance(1900ms);
  CHECK_FALSE(log->ended());
  rt.advance(101ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::deadline_exceeded);
  REQUIRE(log->reply().parts.size() == 1);
  CHECK(log->reply().parts[0].status == part_status::timed_out);
  CHECK(rt.provider->running() == 0);
}

TEST_CASE("a turn ends at its deadline even if an actor on its way swallowed it") {
  // The store never answers the history, so the conversation waits for ever: only the guard can end
  // it.
  virtual_runtime rt{[](assembly& parts, agent_library& library) {
    library.add("seller", std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
                  return part_plan{part("response", part_source::model, true, 1.0)};
                }));
    parts.core.turn_deadline = 1000ms;
    parts.core.attempt_timeout = 60000ms;
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto log = rt.ask("hello");
  rt.advance(999ms);
  CHECK_FALSE(log->ended());
  rt.advance(2ms);
  CHECK(log->reply().why.code == errc::deadline_exceeded);
}

TEST_CASE("a turn that its deadline ends says what it was given, however long its way in took") {
  virtual_runtime rt;
  const auto log = std::make_shared<event_log>();
  turn_guard::options opts;
  opts.sink = log;
  opts.clock = rt.runtime->env().clock;
  opts.alarms = rt.runtime->env().alarms;
  opts.accepted = opts.clock->now() - 3us;
  opts.deadline = opts.accepted + 2s;
  const auto guard = turn_guard::start(std::move(opts));
  rt.advance(2s);
  CHECK(log->reply().why.message == "the turn was not answered within 2000 ms");
}

TEST_CASE("cancel ends a turn at once and stops the provider's call") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.after = 10s}; };
  const auto log = rt.ask("hello");
  CHECK(rt.provider->running() == 1);
  rt.last_turn.cancel();
  CHECK(log->reply().why.code == errc::cancelled);
  CHECK(rt.provider->running() == 0); // before any actor has run: not queued behind work
  CHECK(rt.provider->cancelled() == 1);
  rt.advance(20s);
  CHECK(log->terminals() == 1);
}

TEST_CASE("a part that is cut off is told with whether it was required") {
  virtual_runtime rt{[](assembly&, agent_library& library) {
    library.add("seller", std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
                  return part_plan{part("response", part_source::model, true),
                                   part("extra", part_source::model)};
                }));
  }};
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto log = rt.ask("hello");
  rt.last_turn.cancel();
  REQUIRE(log->reply().parts.size() == 2);
  for (const auto& each : log->reply().parts) {
    CHECK(each.status == part_status::cancelled);
    CHECK(each.required == (each.name == "response"));
  }
}

TEST_CASE("cancelling twice, or after the end, changes nothing") {
  virtual_runtime rt;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().status == turn_status::ok);
  rt.last_turn.cancel();
  rt.last_turn.cancel();
  rt.run();
  CHECK(log->terminals() == 1);
  CHECK(log->events.back().type == event_type::completed);
}

TEST_CASE("a sink may cancel its own turn from within an event") {
  struct impatient : event_log {
    virtual_runtime* rt = nullptr;
    void on_event(const turn_event& event) override {
      event_log::on_event(event);
      if (event.type == event_type::part_started)
        rt->last_turn.cancel("seen enough");
    }
  };
  virtual_runtime rt;
  auto log = std::make_shared<impatient>();
  log->rt = &rt;
  turn_request request;
  request.message = "hello";
  rt.last_turn = rt.runtime->submit(request, log);
  rt.advance(10ms);
  CHECK(log->reply().why.code == errc::cancelled);
  CHECK(log->reply().why.message == "seen enough");
  CHECK(log->in_order());
}

TEST_CASE("whatever is killed at whatever step, a turn has exactly one terminal event") {
  // Kill each kind of actor after 0, 1, 2 … scheduler steps of a turn with three parts.
  const auto victims = {"agent", "gateway", "provider", "store", "survey", "supervisor"};
  for (const std::string victim : victims) {
    for (int step = 0; step < 40; ++step) {
      virtual_runtime rt{[](assembly& parts, agent_library& library) {
        parts.core.turn_deadline = 500ms;
        library.add("seller",
                    std::make_shared<test_plan>([](const agent_spec&, const skill_input&) {
                      return part_plan{part("response", part_source::model, true, 0.97),
                                       part("product_decision", part_source::model),
                                       part("quick_replies", part_source::rules)};
                    }));
      }};
      turn_request request;
      request.message = "hello";
      request.agent = "seller";
      const auto log = rt.submit(request);
      rt.run_steps(step);
      const auto handles = rt.runtime->at_hand();
      if (victim == "agent")
        rt.kill(handles->agents[1]);
      else if (victim == "gateway")
        rt.kill(handles->gateway);
      else if (victim == "provider")
        rt.kill(handles->providers[0]);
      else if (victim == "store")
        rt.kill(handles->store);
      else if (victim == "survey")
        rt.kill(handles->survey);
      else
        rt.kill(rt.runtime->supervisor());
      rt.advance(600ms);
      INFO(victim << " killed after step " << step);
      CHECK(log->terminals() == 1);
      CHECK(log->in_order());
      if (log->events.back().type == event_type::completed)
        CHECK_FALSE(log->reply().message.empty());
      CHECK(rt.runtime->health().turns_in_flight == 0);
    }
  }
}

TEST_CASE("work whose time is over is dropped before it reaches a provider") {
  virtual_runtime rt{
    [](assembly& parts, agent_library&) { parts.providers[0].max_concurrent = 1; }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 3s}; };
  const auto first = rt.ask("one");
  turn_request request;
  request.message = "two";
  request.agent = "seller";
  request.timeout = 1000ms;
  const auto second = rt.submit(request);
  rt.advance(1100ms);
  CHECK(second->reply().why.code == errc::deadline_exceeded);
  rt.advance(5s);
  CHECK(first->reply().status == turn_status::ok);
  CHECK(rt.provider->requests().size() == 1);
}

TEST_CASE("turns beyond the limit are refused at once and take no place") {
  virtual_runtime rt{[](assembly& parts, agent_library&) { parts.core.max_turns_in_flight = 2; }};
  rt.play = [](const model_request&, std::size_t) { return script{.after = 100ms}; };
  const auto one = rt.ask("one");
  const auto two = rt.ask("two");
  const auto three = rt.ask("three");
  CHECK(three->reply().why.code == errc::overloaded);
  CHECK(three->reply().why.retry_after.has_value());
  rt.advance(200ms);
  CHECK(one->reply().status == turn_status::ok);
  CHECK(two->reply().status == turn_status::ok);
  const auto four = rt.ask("four");
  rt.advance(200ms);
  CHECK(four->reply().status == turn_status::ok);
  CHECK(rt.runtime->health().turns_in_flight == 0);
}

TEST_CASE("an invalid request is refused with the field's name and reaches no agent") {
  virtual_runtime rt;
  turn_request request;
  request.message = "";
  const auto log = rt.submit(request);
  CHECK(log->reply().why.code == errc::invalid_request);
  CHECK(log->reply().why.detail("field") == "message");
  rt.advance(10ms);
  CHECK(rt.provider->requests().empty());
}

TEST_CASE("after stop every turn has ended and new ones are refused") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto log = rt.ask("hello");
  rt.runtime->stop();
  CHECK(log->terminals() == 1);
  const auto late = rt.submit([] {
    turn_request request;
    request.message = "late";
    return request;
  }());
  CHECK(late->reply().why.code == errc::shutting_down);
}

TEST_CASE("a time out of range is refused as such, and not as a time that is over") {
  for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds::max()}) {
    virtual_runtime rt;
    turn_request request;
    request.message = "hello";
    request.timeout = timeout;
    const auto log = rt.submit(request);
    CHECK(log->reply().why.code == errc::invalid_request);
    CHECK(log->reply().why.detail("field") == "timeout_ms");
  }
}

TEST_CASE("the same seed and script give the same run") {
  const auto run = [] {
    virtual_runtime rt;
    rt.play = [](const model_request&, std::size_t call) {
      return call == 0 ? script{.why = error{errc::provider_unavailable, "once"}} : script{};
    };
    const auto log = rt.ask("hello");
    rt.advance(2s);
    std::string trace = log->reply().id + log->reply().conversation_id;
    for (const auto& event : log->events)
      trace += ' ' + std::string{to_string(event.type)} + '@'
               + std::to_string(event.at.time_since_epoch().count());
    return trace;
  };
  CHECK(run() == run());
}

TEST_CASE("without a seed no run has another's ids") {
  const auto ids = [] {
    virtual_runtime rt{[](assembly& parts, agent_library&) { parts.seed = 0; }};
    const auto log = rt.ask("hello");
    rt.advance(1s);
    return std::pair{log->reply().id, log->reply().conversation_id};
  };
  const auto one = ids();
  const auto other = ids();
  CHECK(one.first != other.first);
  CHECK(one.second != other.second);
}

namespace {

/// Notes how many turns have ended by the count when it hears of an end; takes steps if it wants.
class counting_sink final : public event_sink {
public:
  counting_sink(engine& runtime, bool steps) : runtime_{runtime}, steps_{steps} {}
  void on_event(const turn_event& event) override {
    heard.push_back(event.type);
    if (!is_terminal(event.type))
      return;
    counted = runtime_.office()->numbers().turns;
    reply = *event.reply;
  }
  [[nodiscard]] bool wants_steps() const noexcept override { return steps_; }

  std::vector<event_type> heard;
  std::uint64_t counted = 0;
  turn_reply reply;

private:
  engine& runtime_;
  bool steps_;
};

turn_request hello() {
  turn_request request;
  request.message = "hello";
  request.agent = "seller";
  return request;
}

} // namespace

TEST_CASE("who hears of a turn's end finds it counted") {
  virtual_runtime rt;
  const auto sink = std::make_shared<counting_sink>(*rt.runtime, true);
  rt.runtime->submit(hello(), sink);
  rt.advance(1ms);
  CHECK(sink->counted == 1);
}

TEST_CASE("a caller that wants no steps hears of the end alone, with all parts in the reply") {
  virtual_runtime rt;
  const auto sink = std::make_shared<counting_sink>(*rt.runtime, false);
  rt.runtime->submit(hello(), sink);
  rt.advance(1ms);
  CHECK(sink->heard == std::vector{event_type::completed});
  CHECK(sink->reply.parts.size() == 1);
}

TEST_CASE("a turn that fails names the parts it had begun to a caller that wants no steps") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  const auto sink = std::make_shared<counting_sink>(*rt.runtime, false);
  auto request = hello();
  request.timeout = 500ms;
  rt.runtime->submit(request, sink);
  rt.advance(600ms);
  CHECK(sink->heard == std::vector{event_type::failed});
  REQUIRE(sink->reply.parts.size() == 1);
  CHECK(sink->reply.parts.front().name == "response");
  CHECK(sink->reply.parts.front().status == part_status::timed_out);
}

namespace {

/// Throws at one kind of event, or when it is shown the answer.
struct throwing_sink final : event_sink {
  explicit throwing_sink(std::optional<event_type> type) : at{type} {}
  void on_event(const turn_event& event) override {
    ++calls;
    if (event.type == at)
      throw std::runtime_error{"the sink's own"};
  }
  void on_answer(const turn_reply&) override {
    if (!at)
      throw 1;
  }
  const std::optional<event_type> at;
  int calls = 0;
};

} // namespace

TEST_CASE("a sink that throws is called no more, and its turn ends all the same") {
  const std::optional<event_type> when[] = {event_type::turn_started, event_type::part_started,
                                            event_type::completed, std::nullopt};
  for (const auto at : when) {
    virtual_runtime rt;
    const auto sink = std::make_shared<throwing_sink>(at);
    CHECK_NOTHROW(rt.runtime->submit(hello(), sink));
    rt.advance(1ms);
    CHECK(rt.runtime->office()->numbers().turns == 1);
    CHECK(rt.runtime->health().turns_in_flight == 0);
    if (at == event_type::turn_started)
      CHECK(sink->calls == 1);
    // Nobody is waited for any more.
    const auto since = std::chrono::steady_clock::now();
    rt.runtime->drain(1min);
    CHECK(std::chrono::steady_clock::now() - since < 30s);
    CHECK(rt.ask("next")->reply().why.code == errc::shutting_down);
  }
}

TEST_CASE("a sink that throws at its turn's deadline takes nobody else's along") {
  virtual_runtime rt;
  rt.play = [](const model_request&, std::size_t) { return script{.hang = true}; };
  auto request = hello();
  request.timeout = 500ms;
  rt.runtime->submit(request, std::make_shared<throwing_sink>(event_type::failed));
  const auto other = rt.submit(request);
  rt.advance(501ms);
  CHECK(other->reply().why.code == errc::deadline_exceeded);
}

TEST_CASE("the runtime stops once the last sink has heard of its turn's end") {
  struct slow_sink final : event_sink {
    void on_event(const turn_event& event) override {
      if (!is_terminal(event.type))
        return;
      told.set_value();
      over.get_future().wait_for(50ms);
      returned.store(true);
    }
    std::promise<void> told;
    std::promise<void> over;
    std::atomic<bool> returned = false;
  };
  const auto sink = std::make_shared<slow_sink>();
  virtual_runtime rt;
  const auto running = rt.runtime->submit(hello(), sink);
  std::thread other{[running] { running.cancel(); }};
  sink->told.get_future().wait();
  SECTION("when it is stopped") { rt.runtime->stop(); }
  SECTION("when it is drained") { rt.runtime->drain(0ms); }
  CHECK(sink->returned);
  sink->over.set_value();
  other.join();
}

TEST_CASE("the runtime can be stopped from within a turn's end") {
  struct stopping_sink final : event_sink {
    explicit stopping_sink(engine& of) : runtime{of} {}
    void on_event(const turn_event& event) override {
      if (is_terminal(event.type))
        runtime.stop();
    }
    engine& runtime;
  };
  virtual_runtime rt;
  const auto since = std::chrono::steady_clock::now();
  rt.runtime->submit(hello(), std::make_shared<stopping_sink>(*rt.runtime)).cancel();
  CHECK(std::chrono::steady_clock::now() - since < 3s);
  CHECK(rt.runtime->office()->numbers().turns == 1);
}
