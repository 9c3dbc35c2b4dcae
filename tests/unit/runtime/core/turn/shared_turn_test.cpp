#include "runtime/core/turn/shared_turn.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/event_record.hpp"
#include "tests/support/fake_facade.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

/// A shared turn over a scripted one.
struct shared_fixture {
  shared_fixture() { shared->runs(turn{running}); }

  std::shared_ptr<event_record> listen(turn* hold = nullptr) {
    auto sink = std::make_shared<event_record>();
    auto held = shared->join(sink);
    if (hold != nullptr)
      *hold = held;
    return sink;
  }

  int ends = 0;
  bool answered = false;
  std::size_t bytes = 0;
  std::shared_ptr<shared_turn> shared =
    std::make_shared<shared_turn>([this](bool was_answered, std::size_t size) {
      ++ends;
      answered = was_answered;
      bytes = size;
    });
  std::shared_ptr<fake_turn> running =
    std::make_shared<fake_turn>("turn_1", turn_request{}, shared);
};

} // namespace

TEST_CASE("a listener from the beginning hears every event as it was") {
  shared_fixture f;
  const auto first = f.listen();
  f.running->emit(event_type::turn_started);
  f.running->emit(event_type::token, "a");
  f.running->emit(event_type::progress);
  f.running->emit(event_type::token, "b");
  f.running->complete("ab");
  CHECK(first->events.size() == 5);
  CHECK(first->in_order());
  CHECK(first->text() == "ab");
}

TEST_CASE("who comes later hears in short what was, and then what is, in order") {
  shared_fixture f;
  f.running->emit(event_type::turn_started);
  for (const auto* token : {"a", "b", "c"})
    f.running->emit(event_type::token, token);
  const auto late = f.listen();
  f.running->emit(event_type::token, "d");
  f.running->complete("abcd");
  CHECK(late->events.size() == 4);
  CHECK(late->in_order());
  CHECK(late->text() == "abcd");
  CHECK(late->ended());
}

TEST_CASE("who comes after the end hears all of it at once") {
  shared_fixture f;
  f.running->emit(event_type::turn_started);
  f.running->emit(event_type::token, "a");
  f.running->emit(event_type::token, "b");
  f.running->complete("ab");
  turn held;
  const auto late = f.listen(&held);
  CHECK(late->events.size() == 3);
  CHECK(late->in_order());
  CHECK(late->text() == "ab");
  CHECK(late->events.back().reply->message == "ab");
  held.cancel("too late");
  CHECK(late->events.size() == 3);
}

TEST_CASE(
  "who comes later to a turn without tokens hears its text as one, who came first does not") {
  shared_fixture f;
  const auto first = f.listen();
  f.running->emit(event_type::turn_started);
  f.running->emit(event_type::progress);
  const auto joined = f.listen();
  f.running->emit(event_type::progress);
  f.running->complete("whole");
  const auto late = f.listen();
  CHECK(first->text().empty());
  CHECK(first->events.size() == 4);
  CHECK(joined->events.size() == 4);
  CHECK(late->events.size() == 3);
  for (const auto& each : {joined, late}) {
    CHECK(each->text() == "whole");
    CHECK(each->in_order());
    CHECK(each->ended());
  }
}

TEST_CASE("who comes later is not told what a restart has made void") {
  shared_fixture f;
  const auto first = f.listen();
  f.running->emit(event_type::turn_started);
  f.running->emit(event_type::token, "wrong");
  f.running->emit_call({0, "c1", "weather", "{}"});
  f.running->emit(event_type::restarted, "cut");
  f.running->emit(event_type::token, "right");
  const auto joined = f.listen();
  f.running->complete("right");
  const auto late = f.listen();
  CHECK(first->events.size() == 6);
  for (const auto& each : {joined, late}) {
    CHECK(each->events.size() == 4);
    CHECK(each->in_order());
    CHECK(each->text() == "right");
  }
}

TEST_CASE("one of two that leaves is told so and stops nothing") {
  shared_fixture f;
  turn first_hold;
  const auto first = f.listen(&first_hold);
  f.running->emit(event_type::turn_started);
  const auto second = f.listen();
  first_hold.cancel("the client disconnected");
  CHECK(first->why() == errc::cancelled);
  CHECK(first->in_order());
  CHECK_FALSE(f.running->cancelled());
  first_hold.cancel("again");
  f.running->complete();
  CHECK(first->events.size() == 2);
  CHECK(second->events.back().type == event_type::completed);
}

TEST_CASE("the last one that leaves cancels the turn") {
  shared_fixture f;
  turn first_hold;
  turn second_hold;
  const auto first = f.listen(&first_hold);
  const auto second = f.listen(&second_hold);
  first_hold.cancel("gone");
  second_hold.cancel("gone too");
  CHECK(f.running->wait_cancelled() == "gone too");
  CHECK(second->why() == errc::cancelled);
  CHECK(first->events.size() == 1);
  CHECK_FALSE(f.answered);
}

TEST_CASE("the end is told once, with the memory that is held") {
  shared_fixture f;
  f.running->emit(event_type::token, std::string(1000, 'x'));
  CHECK(f.ends == 0);
  f.running->complete("done");
  CHECK(f.ends == 1);
  CHECK(f.answered);
  CHECK(f.bytes > 1000);
  CHECK(f.bytes < 10'000);
  f.shared->refuse(error{errc::internal});
  CHECK(f.ends == 1);
}

TEST_CASE("calls of tools are memory that is held too") {
  shared_fixture f;
  turn_reply reply;
  reply.tool_calls = {{"c1", "weather", std::string(5'000, ' ')}};
  f.running->emit_call({0, "c1", "weather", reply.tool_calls[0].arguments});
  f.running->finish(event_type::completed, std::move(reply));
  CHECK(f.bytes > 10'000);
}

TEST_CASE("a turn that was refused before it began ends for all") {
  shared_fixture f;
  const auto first = f.listen();
  const auto second = f.listen();
  f.shared->refuse(error{errc::rate_limited, "too many"});
  CHECK(first->why() == errc::rate_limited);
  CHECK(second->why() == errc::rate_limited);
  CHECK(f.ends == 1);
  CHECK_FALSE(f.answered);
}
