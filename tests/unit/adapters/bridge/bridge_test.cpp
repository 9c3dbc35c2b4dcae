#include "adapters/bridge/bridge.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <unistd.h>

#include <thread>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The error of a start that must fail.
error start_error(bridge_settings settings) {
  const auto started = bridge::start(std::move(settings), std::make_shared<fake_facade>());
  return started ? error{} : started.error();
}

bool refuses_connections(std::uint16_t port) {
  try {
    const raw_http client{port};
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

} // namespace

TEST_CASE("whether a door could listen is told without listening") {
  const door d;
  bridge_settings taken;
  taken.port = d.listener->port();
  const auto refused = bridge::try_listen(taken);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);
  bridge_settings any;
  any.port = 0;
  CHECK(bridge::try_listen(any));
  any.host = "0.0.0.0";
  CHECK(bridge::try_listen(any).error().code == errc::forbidden);
}

TEST_CASE("port 0 picks a free port and tells it") {
  const door d;
  CHECK(d.listener->port() != 0);
  CHECK(d.listener->url() == "http://127.0.0.1:" + std::to_string(d.listener->port()));
  CHECK(d.connect().request("GET", "/livez").status == 200);
}

TEST_CASE("a port in use is a clear error") {
  const door d;
  bridge_settings settings;
  settings.port = d.listener->port();
  const auto why = start_error(settings);
  CHECK(why.code == errc::conflict);
  CHECK(why.detail("field") == "port");
  CHECK_THAT(why.message, ContainsSubstring(std::to_string(settings.port)));
  CHECK_THAT(why.message, ContainsSubstring("in use"));
}

TEST_CASE("a bad address, a foreign address and an open listener are clear errors") {
  bridge_settings settings;
  settings.port = 0;
  settings.host = "nowhere";
  CHECK(start_error(settings).code == errc::invalid_request);
  settings.host = "0.0.0.0";
  CHECK(start_error(settings).code == errc::forbidden);
  settings.host = "203.0.113.1"; // reserved for documentation, of no machine
  settings.insecure = true;
  CHECK(start_error(settings).code == errc::invalid_request);
  CHECK(start_error(settings).detail("field") == "host");
  settings.host = "127.0.0.1";
  settings.io_threads = 0;
  CHECK(start_error(settings).detail("field") == "io_threads");
}

TEST_CASE("a listener for everyone starts where that was asked for") {
  bridge_settings settings;
  settings.host = "0.0.0.0";
  settings.insecure = true;
  const door d{settings};
  CHECK(d.connect().request("GET", "/livez").status == 200);
}

TEST_CASE("draining finishes what is in flight and takes nothing new") {
  door d;
  d.hold_turns();
  auto running = d.connect();
  running.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  auto kept = d.connect();
  CHECK(kept.request("GET", "/readyz").status == 200);

  d.listener->begin_drain();
  d.listener->begin_drain();
  const auto ready = kept.request("GET", "/readyz");
  CHECK(ready.status == 503);
  CHECK(ready.header("connection") == "close");
  CHECK(kept.closed_by_server());
  CHECK_FALSE(d.listener->wait_idle(0ms));
  CHECK(d.listener->requests_in_flight() == 1);

  turn->complete("in time");
  const auto r = running.read_response();
  CHECK(r.status == 200);
  CHECK(r.header("connection") == "close");
  CHECK(d.listener->wait_idle(20s));
  CHECK(refuses_connections(d.listener->port()));
}

TEST_CASE("a connection kept open starts no turn while draining") {
  const door d;
  auto kept = d.connect();
  kept.request("GET", "/livez");
  d.listener->begin_drain();
  kept.send(json_post("/api/v1/chat", hello));
  const auto r = kept.read_response();
  CHECK(r.status == 503);
  CHECK_THAT(r.body, ContainsSubstring(R"("code":"shutting_down")"));
  CHECK(d.runtime->submitted() == 0);
}

TEST_CASE("waiting for idleness ends as soon as the last request does") {
  door d;
  d.hold_turns();
  CHECK(d.listener->wait_idle(0ms));
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  std::thread later{[&] { turn->complete(); }};
  // The request's bytes were taken in before its turn began, so there is something to wait for.
  CHECK(d.listener->wait_idle(20s));
  later.join();
  CHECK(client.read_response().status == 200);
}

TEST_CASE("stopping cancels the turns that are left and closes every connection") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  auto idle = d.connect();
  idle.request("GET", "/livez");
  const auto turn = d.runtime->next_turn();
  d.listener->stop();
  CHECK(turn->wait_cancelled() == "the service is stopping");
  CHECK(client.closed_by_server());
  CHECK(idle.closed_by_server());
  CHECK(d.listener->open_sockets() == 0);
  CHECK(d.listener->requests_in_flight() == 0);
  CHECK(refuses_connections(d.listener->port()));
  d.listener->stop();
}

TEST_CASE("a turn may end after its door is gone") {
  auto d = std::make_unique<door>();
  d->hold_turns();
  const auto runtime = d->runtime;
  auto client = d->connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = runtime->next_turn();
  turn->ends_when_cancelled = false;
  d.reset();
  turn->emit(event_type::token, "late");
  turn->complete("later");
  CHECK(client.closed_by_server());
}

TEST_CASE("a door may be opened and closed again on the same port") {
  std::uint16_t port = 0;
  for (int i = 0; i < 3; ++i) {
    bridge_settings settings;
    settings.port = port;
    auto started = bridge::start(settings, std::make_shared<fake_facade>());
    REQUIRE(started.has_value());
    port = (*started)->port();
    CHECK(raw_http{port}.request("GET", "/livez").status == 200);
  }
}
