// That what was spent is kept, and counts afterwards.
#include <catch2/catch_test_macros.hpp>

#include "runtime/core/ports/thread_loan.hpp"
#include "tests/unit/runtime/embed/priced_runtime.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;

TEST_CASE("what a turn cost is kept in the turn's own commit, also by a lent thread") {
  priced rt;
  const auto log = rt.ask("hello");
  rt.advance(1ms);
  CHECK(log->reply().cost == one_answer);
  CHECK(rt.store->spent().size() == 1);
  {
    const thread_loan lent{[] {}};
    rt.store->at_once = true;
    rt.ask("hello");
    rt.advance(1ms);
  }
  CHECK(rt.store->commits_at_once() == 1);
  CHECK(rt.store->turns().size() == 2);
  CHECK(rt.store->spent().size() == 2);
  rt.advance(1s);
  CHECK(rt.store->keeps() == 0);
}

TEST_CASE("what was spent is kept with its turn, and counts after a restart") {
  const auto kept = std::make_shared<memory_store>();
  const auto limit = [](assembly& parts, agent_library&) {
    parts.core.costs.limits = {usd{}, usd{}, usd{}, usd{11'000'000}};
  };
  {
    priced rt{limit, kept};
    rt.ask("hello");
    rt.advance(5ms);
    CHECK(kept->spent().size() == 1);
  }
  REQUIRE(kept->spent().size() == 1);
  CHECK(kept->spent()[0].cost == one_answer);
  CHECK(kept->spent()[0].tenant == "default");
  CHECK(kept->spent()[0].provider == "scripted");
  CHECK(kept->spent()[0].model == "scripted-1");
  priced again{limit, kept};
  CHECK(again.day().spent == one_answer);
  const auto log = again.ask("hello");
  again.advance(5ms);
  CHECK(log->reply().why.code == errc::over_budget);
  CHECK(log->reply().why.detail("spent_usd") == "0.0006");
}

TEST_CASE("what cannot be kept is kept later") {
  priced rt;
  rt.store->broken = true;
  rt.ask("hello");
  rt.advance(50ms); // the turn's commit and the write by itself have failed
  CHECK(rt.store->spent().empty());
  rt.store->broken = false;
  rt.advance(900ms);
  CHECK(rt.store->spent().empty());
  rt.advance(200ms);
  REQUIRE(rt.store->spent().size() == 1);
  CHECK(rt.store->spent()[0].cost == one_answer);
}
