#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <vector>

#include "adapters/bridge/descriptor_limit.hpp"
#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* get_livez = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

bridge_settings with(std::chrono::milliseconds bridge_settings::*limit,
                     std::chrono::milliseconds value) {
  bridge_settings settings;
  settings.*limit = value;
  return settings;
}

} // namespace

TEST_CASE("one connection serves many requests") {
  const door d;
  auto client = d.connect();
  for (int i = 0; i < 100; ++i) {
    client.send(json_post("/api/v1/chat", hello));
    REQUIRE(client.read_response().status == 200);
  }
  CHECK(d.listener->open_sockets() == 1);
}

TEST_CASE("pipelined requests are answered in order, also when the first takes longest") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", R"({"message":"one"})") + get_livez
              + json_post("/api/v1/chat", R"({"message":"two"})")
              + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
  d.runtime->next_turn()->complete("one");
  CHECK_THAT(client.read_response().body, ContainsSubstring(R"("message":"one")"));
  CHECK_THAT(client.read_response().body, ContainsSubstring("alive"));
  d.runtime->next_turn()->complete("two");
  CHECK_THAT(client.read_response().body, ContainsSubstring(R"("message":"two")"));
  CHECK(client.read_response().status == 404);
}

TEST_CASE("a turn begins only when the one before it on the connection has been answered") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello) + json_post("/api/v1/chat", hello));
  const auto first = d.runtime->next_turn();
  CHECK(d.runtime->submitted() == 1);
  first->complete();
  client.read_response();
  d.runtime->next_turn()->complete();
  CHECK(client.read_response().status == 200);
}

TEST_CASE("thousands of pipelined requests do not drown the connection") {
  const door d;
  auto client = d.connect();
  constexpr int count = 5'000;
  std::string many;
  for (int i = 0; i < count; ++i)
    many += get_livez;
  client.send(many);
  for (int i = 0; i < count; ++i)
    REQUIRE(client.read_response().status == 200);
}

TEST_CASE("more pipelined bytes than are taken in wait in the socket and are served later") {
  bridge_settings settings;
  settings.max_pipelined = 2048;
  settings.max_header = 2048;
  door d{settings};
  d.hold_turns();
  auto client = d.connect();
  constexpr int count = 200;
  std::string many = json_post("/api/v1/chat", hello);
  for (int i = 0; i < count; ++i)
    many += get_livez;
  client.send(many);
  d.runtime->next_turn()->complete();
  CHECK(client.read_response().status == 200);
  for (int i = 0; i < count; ++i)
    REQUIRE(client.read_response().status == 200);
}

TEST_CASE("a client that leaves cancels its turn at once") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  SECTION("by closing") { client.close(); }
  SECTION("by a reset") { client.close(true); }
  CHECK(turn->wait_cancelled() == "the client disconnected");
}

TEST_CASE(
  "a client that leaves behind pipelined requests cancels its turn too, and starts no other") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello) + json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  client.close();
  turn->wait_cancelled();
  CHECK(d.listener->wait_idle(20s));
  CHECK(d.runtime->submitted() == 1);
}

TEST_CASE("a client that only stops sending is told that its turn was cancelled") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  client.shutdown_write();
  turn->wait_cancelled();
  const auto r = client.read_response();
  CHECK(r.status == 499);
  CHECK(r.header("connection") == "close");
  CHECK(client.closed_by_server());
}

TEST_CASE("a client that stops sending after its requests still gets what is ready") {
  const door d;
  auto client = d.connect();
  client.send(std::string{get_livez} + get_livez);
  client.shutdown_write();
  CHECK(client.read_response().status == 200);
  CHECK(client.read_response().status == 200);
  CHECK(client.closed_by_server());
}

TEST_CASE("an answer that comes after its client has left goes nowhere and harms nobody") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  turn->ends_when_cancelled = false;
  client.close(true);
  turn->wait_cancelled();
  CHECK(d.listener->wait_idle(20s));
  turn->complete("too late");
  CHECK(d.connect().request("GET", "/livez").status == 200);
}

TEST_CASE("a request that arrives too slowly is 408, others go on") {
  const door d{with(&bridge_settings::request_timeout, 80ms)};
  auto in_header = d.connect();
  in_header.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nA");
  auto in_body = d.connect();
  in_body.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
               "Content-Length: 10\r\n\r\n{");
  CHECK(d.connect().request("GET", "/livez").status == 200);
  for (auto* slow : {&in_header, &in_body}) {
    const auto r = slow->read_response();
    CHECK(r.status == 408);
    CHECK(r.header("connection") == "close");
    CHECK(slow->closed_by_server());
  }
}

TEST_CASE("trickling bytes do not buy more time") {
  auto settings = with(&bridge_settings::request_timeout, 80ms);
  settings.max_header = 1024 * 1024;
  const door d{settings};
  auto client = d.connect();
  client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nA: ");
  // A byte for each request of another client, until the first one's time is over.
  auto other = d.connect();
  while (other.request("GET", "/metrics").body.find("status=\"408\"") == std::string::npos)
    client.send("a");
  CHECK(client.read_response().status == 408);
  CHECK(client.closed_by_server());
}

TEST_CASE("a connection without a request is closed without a word") {
  const door fresh{with(&bridge_settings::request_timeout, 80ms)};
  CHECK(fresh.connect().closed_by_server());
  const door idle{with(&bridge_settings::idle_timeout, 80ms)};
  auto client = idle.connect();
  CHECK(client.request("GET", "/livez").status == 200);
  CHECK(client.closed_by_server());
}

TEST_CASE("a turn may take longer than every limit of the door") {
  bridge_settings settings;
  settings.request_timeout = settings.idle_timeout = settings.write_timeout = 20ms;
  door d{settings};
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  // A second connection's own time limit is the clock: it began later and is over earlier.
  CHECK(d.connect().closed_by_server());
  CHECK(d.connect().closed_by_server());
  CHECK_FALSE(turn->cancelled());
  turn->complete();
  CHECK(client.read_response().status == 200);
}

TEST_CASE("a client that does not read its response is closed on, others go on") {
  auto settings = with(&bridge_settings::write_timeout, 80ms);
  door d{settings};
  d.runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->complete(std::string(16 * 1024 * 1024, 'x'));
  };
  auto deaf = d.connect(4096);
  deaf.send(json_post("/api/v1/chat", hello));
  CHECK(d.connect().request("GET", "/livez").status == 200);
  CHECK(d.listener->wait_idle(20s));
  CHECK(d.listener->open_sockets() <= 1); // the lingering other, never the deaf one
}

TEST_CASE("a large response arrives whole") {
  door d;
  const std::string text(8 * 1024 * 1024, 'y');
  d.runtime->on_submit = [&](const std::shared_ptr<fake_turn>& t) { t->complete(text); };
  auto client = d.connect(4096);
  client.send(json_post("/api/v1/chat", hello) + get_livez);
  const auto r = client.read_response();
  CHECK(r.body.find(text) != std::string::npos);
  CHECK(client.read_response().status == 200);
}

TEST_CASE("a client beyond the limit of sockets is told so, and let in once another has left") {
  bridge_settings settings;
  settings.max_sockets = 2;
  const door d{settings};
  auto first = d.connect();
  auto second = d.connect();
  CHECK(first.request("GET", "/livez").status == 200);
  CHECK(second.request("GET", "/livez").status == 200);
  auto third = d.connect();
  const auto r = third.read_response();
  CHECK(r.status == 503);
  CHECK_FALSE(r.header("retry-after").empty());
  CHECK_THAT(r.body, ContainsSubstring(R"("code":"overloaded")"));
  CHECK(third.closed_by_server());
  third.close();
  // Asking to close and waiting for the server to do so orders its end before the next connect.
  second.request("GET", "/livez", {}, "Connection: close\r\n");
  CHECK(second.closed_by_server());
  second.close();
  int status = 503;
  while (status == 503)
    status = d.connect().request("GET", "/livez").status;
  CHECK(status == 200);
}

TEST_CASE("a thousand connections are served at once") {
  constexpr std::size_t count = 1000;
  REQUIRE(allow_descriptors(4096) >= 2 * count + 100);
  door d;
  d.hold_turns();
  std::vector<raw_http> clients;
  clients.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    clients.push_back(d.connect());
  for (auto& client : clients)
    client.send(json_post("/api/v1/chat", hello));
  for (std::size_t i = 0; i < count; ++i)
    d.runtime->next_turn()->complete();
  for (auto& client : clients)
    REQUIRE(client.read_response().status == 200);
  CHECK(d.listener->open_sockets() == count);
}

TEST_CASE("several I/O threads serve alike") {
  bridge_settings settings;
  settings.io_threads = 3;
  const door d{settings};
  std::vector<raw_http> clients;
  clients.reserve(9);
  for (int i = 0; i < 9; ++i)
    clients.push_back(d.connect());
  for (int round = 0; round < 20; ++round) {
    for (auto& client : clients)
      client.send(json_post("/api/v1/chat", hello));
    for (auto& client : clients)
      REQUIRE(client.read_response().status == 200);
  }
  CHECK_THAT(d.connect().request("GET", "/metrics").body,
             ContainsSubstring("{route=\"/api/v1/chat\",status=\"200\"} 180\n"));
}
