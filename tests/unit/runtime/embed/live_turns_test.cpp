// The turns that a shutdown waits for.
#include "runtime/embed/live_turns.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <thread>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

namespace {

/// Does what the test says when the turn ends.
struct last_words final : event_sink {
  explicit last_words(std::function<void()> what) : say{std::move(what)} {}
  void on_event(const turn_event& event) override {
    if (is_terminal(event.type))
      say();
  }
  std::function<void()> say;
};

struct ending_turns {
  virtual_runtime rt;
  live_turns turns;

  std::shared_ptr<turn_guard> start(
    std::uint64_t number, std::function<void()> at_end = [] {}) {
    turn_guard::options opts;
    opts.sink = std::make_shared<last_words>(std::move(at_end));
    opts.clock = rt.runtime->env().clock;
    opts.alarms = rt.runtime->env().alarms;
    opts.accepted = opts.clock->now();
    opts.deadline = opts.accepted + 1s;
    opts.ended = [this, number](const turn_reply&) { turns.ended(number); };
    return turn_guard::start(std::move(opts));
  }
  std::shared_ptr<turn_guard> run(
    std::uint64_t number, std::function<void()> at_end = [] {}) {
    REQUIRE(turns.begin(number));
    auto guard = start(number, std::move(at_end));
    turns.note(number, guard);
    return guard;
  }
};

} // namespace

TEST_CASE_METHOD(ending_turns, "a turn whose deadline rings before it is noted is not kept") {
  REQUIRE(turns.begin(1));
  const auto guard = start(1);
  turns.ended(1);
  turns.note(1, guard);
  CHECK(turns.size() == 0);
  const auto second = run(2);
  CHECK(turns.size() == 1);
  turns.fail_all(error{errc::shutting_down, "the end"});
  CHECK(second->ended());
  CHECK(turns.size() == 0);
}

TEST_CASE_METHOD(ending_turns, "a turn that begins beside the end of all is not forgotten") {
  REQUIRE(turns.begin(1));
  const auto guard = start(1);
  turns.close();
  CHECK_FALSE(turns.begin(2));
  turns.fail_all(error{errc::shutting_down, "the end"});
  CHECK_FALSE(guard->ended());
  turns.note(1, guard);
  CHECK(guard->ended());
  CHECK(turns.size() == 0);
}

TEST_CASE_METHOD(ending_turns, "a turn is waited for until its sink has heard of the end") {
  std::promise<void> told;
  std::promise<void> over;
  std::atomic<bool> returned = false;
  const auto guard = run(1, [&] {
    told.set_value();
    over.get_future().wait_for(50ms);
    returned.store(true);
  });
  std::thread other{[&] { guard->cancel("enough"); }};
  told.get_future().wait();
  turns.fail_all(error{errc::shutting_down, "the end"});
  turns.wait_for_none(1min);
  CHECK(returned);
  over.set_value();
  other.join();
}

TEST_CASE_METHOD(ending_turns, "who waits from within a turn's end does not wait for that turn") {
  std::chrono::steady_clock::duration waited{};
  const auto outer = run(1, [&] {
    run(2, [&] {
      const auto since = std::chrono::steady_clock::now();
      turns.wait_for_none(1min);
      waited = std::chrono::steady_clock::now() - since;
      CHECK(turns.size() == 2);
    })->cancel("enough");
  });
  outer->cancel("enough");
  CHECK(waited < 30s);
  CHECK(turns.size() == 0);
}
