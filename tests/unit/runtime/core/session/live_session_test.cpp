#include "runtime/core/session/live_session.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/runtime/core/session/session_fixture.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a client that leaves has its turns cancelled before the call returns") {
  const auto runtime = holding_facade();
  client c{*runtime};
  c.say(R"({"message":"x"})");
  c.say(R"({"message":"y","detach":true})");
  const auto one = runtime->next_turn();
  const auto two = runtime->next_turn();
  c.live->closed(session_end::left);
  CHECK(one->wait_cancelled() == "the client disconnected");
  CHECK_FALSE(two->cancelled());
  two->complete();
}

TEST_CASE("a turn that is cancelled because its client left can no longer be resumed by then") {
  const auto runtime = holding_facade();
  client c{*runtime, resumable()};
  c.say(R"({"message":"x"})");
  const auto turn = runtime->next_turn();
  const auto kept = [&] { return runtime->sessions.hub().shelf().size(); };
  REQUIRE(kept() == 1);
  std::size_t then = 99;
  turn->on_cancel = [&] { then = kept(); };
  c.live->closed(session_end::left);
  CHECK(turn->cancelled());
  CHECK(then == 0);
}

TEST_CASE("a drop cancels, unless the session asked to be able to resume") {
  const auto runtime = holding_facade();
  client plain{*runtime};
  plain.say(R"({"message":"x"})");
  const auto lost = runtime->next_turn();
  plain.live->closed(session_end::dropped);
  CHECK(lost->cancelled());
  client asked{*runtime};
  asked.say(R"({"message":"x"})");
  asked.say(R"({"type":"resume"})");
  CHECK_THAT(asked.last(), ContainsSubstring(R"("type":"resumable","hold_ms":60000)"));
  const auto held = runtime->next_turn();
  asked.live->closed(session_end::dropped);
  CHECK_FALSE(held->cancelled());
  runtime->sessions.clock->advance(61s);
  CHECK(held->cancelled());
}

TEST_CASE("draining refuses further turns, and closes with 1001 once the last one has ended") {
  const auto runtime = holding_facade();
  client idle{*runtime};
  client busy{*runtime};
  busy.say(R"({"message":"x"})");
  const auto running = runtime->next_turn();
  for (auto* each : {&idle, &busy}) {
    each->live->drain();
    each->look();
  }
  CHECK(idle.port->closed == close_code::going_away);
  CHECK(busy.port->closed == close_code::none);
  CHECK_THAT(busy.last(), ContainsSubstring(R"({"type":"draining","turns":1})"));
  busy.say(R"({"message":"y"})");
  CHECK_THAT(busy.last(), ContainsSubstring("shutting_down"));
  running->complete();
  CHECK(busy.count(R"("type":"completed")") == 1);
  CHECK(busy.port->closed == close_code::going_away);
}

TEST_CASE("a silent client is pinged, and cut off when it has been silent too long") {
  const auto runtime = holding_facade();
  client c{*runtime};
  client alive{*runtime};
  for (int i = 0; i < 31; ++i) {
    runtime->sessions.clock->advance(1s);
    alive.live->heard();
  }
  runtime->sessions.clock->advance(4s);
  c.look();
  alive.look();
  CHECK(c.port->pings == 1);
  CHECK(alive.port->pings == 0);
  runtime->sessions.clock->advance(70s);
  c.look();
  CHECK_FALSE(c.live->cut_off());
  alive.live->heard();
  runtime->sessions.clock->advance(30s);
  CHECK(c.live->cut_off());
  CHECK_FALSE(alive.live->cut_off());
}
