#include "runtime/core/session/session_hub.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/session/session_fixture.hpp"

using namespace flipsync;
using namespace flipsync::testing;

TEST_CASE("sessions beyond the limit are refused, and one that ends makes room") {
  const auto runtime = holding_facade();
  runtime->sessions.settings.max_sessions = 1;
  const auto port = std::make_shared<recording_port>();
  auto first = runtime->open_session({}, port);
  REQUIRE(first);
  const auto refused = runtime->open_session({}, port);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::overloaded);
  CHECK(refused.error().retry_after);
  (*first)->closed(session_end::left);
  (*first)->closed(session_end::dropped); // no effect twice
  CHECK(runtime->sessions.hub().size() == 0);
  auto next = runtime->open_session({}, port);
  REQUIRE(next);
  (*next)->closed(session_end::left);
}

TEST_CASE("a hub that drains opens no further session") {
  const auto runtime = holding_facade();
  client c{*runtime};
  runtime->sessions.hub().drain();
  c.look();
  CHECK(c.port->closed == close_code::going_away);
  const auto refused = runtime->open_session({}, std::make_shared<recording_port>());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::shutting_down);
}

TEST_CASE("a hub that stops cuts every session off and cancels its turns") {
  const auto runtime = holding_facade();
  client c{*runtime, resumable()};
  c.say(R"({"message":"x"})");
  const auto running = runtime->next_turn();
  runtime->sessions.hub().stop();
  CHECK(c.live->cut_off());
  CHECK(running->cancelled());
  CHECK(runtime->sessions.hub().size() == 0);
  CHECK(runtime->sessions.hub().shelf().size() == 0);
}
