#include "runtime/core/session/session_feeds.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/runtime/core/session/session_fixture.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

struct feeds_scene {
  feeds_scene() {
    agent_status agent;
    agent.name = "pricing";
    roster = {agent};
    agent.name = "content";
    roster.push_back(agent);
    runtime->roster = roster;
  }
  void change(std::uint64_t in_flight) {
    roster[0].in_flight = in_flight;
    runtime->roster = roster;
    runtime->sessions.agents_bell->ring();
  }
  std::shared_ptr<fake_facade> runtime = holding_facade();
  std::vector<agent_status> roster;
};

} // namespace

TEST_CASE("a subscriber gets the whole roster, then only what has changed") {
  feeds_scene s;
  client c{*s.runtime};
  c.say(R"({"type":"subscribe","topics":["agents"]})");
  CHECK(c.count("content") == 1);
  s.change(1);
  s.runtime->sessions.clock->advance(1s);
  CHECK(c.count(R"("type":"agents")") == 2);
  CHECK(c.count("content") == 1);
  CHECK(c.count(R"("in_flight":1)") == 1);
}

TEST_CASE("changes that come together are told together") {
  feeds_scene s;
  client c{*s.runtime};
  c.say(R"({"type":"subscribe","topics":["agents"]})");
  s.change(1);
  s.runtime->sessions.clock->advance(1ms);
  for (std::uint64_t i = 2; i < 100; ++i)
    s.change(i);
  s.runtime->sessions.clock->advance(1s);
  CHECK(c.count(R"("type":"agents")") == 3);
  CHECK(c.count(R"("in_flight":99)") == 1);
}

TEST_CASE("nothing is told to who has ended the subscription or has left") {
  feeds_scene s;
  client c{*s.runtime};
  client gone{*s.runtime};
  for (auto* each : {&c, &gone})
    each->say(R"({"type":"subscribe","topics":["agents"]})");
  gone.live->closed(session_end::left);
  c.say(R"({"type":"subscribe","topics":[]})");
  s.change(1);
  s.runtime->sessions.clock->advance(1s);
  CHECK(c.count(R"("type":"agents")") == 1);
}

TEST_CASE("decisions are told to the tenant's subscribers, and not twice to who asked for them") {
  const auto runtime = holding_facade();
  session_options acme;
  acme.tenant = "acme";
  client watcher{*runtime, acme};
  client asker{*runtime, acme};
  client stranger{*runtime};
  for (auto* each : {&watcher, &asker, &stranger})
    each->say(R"({"type":"subscribe","topics":["decisions"]})");
  asker.say(R"({"message":"x"})");
  turn_event event;
  event.type = event_type::decision;
  event.turn = runtime->next_turn()->id();
  event.text = "lower the price";
  runtime->sessions.hub().feeds()->decided("acme", event);
  CHECK(watcher.count("lower the price") == 1);
  CHECK(asker.count("lower the price") == 0);
  CHECK(stranger.count("lower the price") == 0);
}
