// The turns that a shutdown waits for.
#include "runtime/embed/live_turns.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/core/virtual_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;

TEST_CASE("a turn whose deadline rings before it is noted is not kept") {
  const virtual_runtime rt;
  turn_guard::options opts;
  opts.clock = rt.runtime->env().clock;
  opts.alarms = rt.runtime->env().alarms;
  opts.accepted = opts.clock->now();
  opts.deadline = opts.accepted + std::chrono::seconds{1};
  const auto guard = turn_guard::start(std::move(opts));
  live_turns turns;
  turns.begin(1);
  turns.ended(1);
  turns.note(1, guard);
  CHECK(turns.size() == 0);
  turns.begin(2);
  turns.note(2, guard);
  CHECK(turns.size() == 1);
  turns.fail_all(error{errc::shutting_down, "the end"});
  CHECK(guard->ended());
  turns.ended(2);
  CHECK(turns.size() == 0);
}
