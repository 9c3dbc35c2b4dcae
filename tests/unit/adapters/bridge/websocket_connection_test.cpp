#include "adapters/bridge/websocket_connection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <thread>

#include "tests/support/raw_websocket.hpp"
#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

raw_websocket open(const door& d, const std::string& target = "/api/v1/ws/connect",
                   std::string_view first = {}) {
  return raw_websocket{d.connect(), target, first};
}

std::string metrics(const door& d) { return d.connect().request("GET", "/metrics").body; }

} // namespace

TEST_CASE("an upgrade is answered and a turn goes over the socket") {
  door d;
  auto socket = open(d);
  CHECK(socket.head.header("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK_FALSE(socket.head.header("x-request-id").empty());
  CHECK(socket.head.header("sec-websocket-extensions").empty());
  socket.send(R"({"message":"hello","id":1})");
  CHECK_THAT(socket.text(),
             ContainsSubstring(R"("type":"completed")") && ContainsSubstring(R"("id":1})"));
  CHECK_THAT(metrics(d), ContainsSubstring("flipsync_websocket_open 1\n")
                           && ContainsSubstring("flipsync_websocket_frames_in_total 1\n")
                           && ContainsSubstring("flipsync_websocket_frames_out_total 1\n"));
}

TEST_CASE("bytes that come with the request are not lost, however many") {
  door d;
  std::string first;
  for (int i = 0; i < 500; ++i)
    first += client_frame_bytes(1, R"({"type":"ping","id":)" + std::to_string(i) + "}");
  auto socket = open(d, "/ws/chat", first);
  for (int i = 0; i < 500; ++i)
    REQUIRE_THAT(socket.text(), ContainsSubstring("\"id\":" + std::to_string(i) + "}"));
}

TEST_CASE("an upgrade behind a request that still runs waits for it") {
  door d;
  d.hold_turns();
  auto connection = d.connect();
  connection.send(json_post("/api/v1/chat", hello) + upgrade_request("/ws/chat")
                  + client_frame_bytes(1, R"({"type":"ping"})"));
  d.runtime->next_turn()->complete();
  CHECK(connection.read_response().status == 200);
  CHECK(connection.read_head().status == 101);
  CHECK_THAT(connection.read_bytes(20), ContainsSubstring("pong"));
}

TEST_CASE("frames go out when they come, from whatever thread") {
  door d;
  d.hold_turns();
  auto socket = open(d);
  socket.send(R"({"message":"a"})");
  socket.send(R"({"message":"b"})");
  const auto a = d.runtime->next_turn();
  const auto b = d.runtime->next_turn();
  std::thread other{[&] {
    for (int i = 0; i < 500; ++i)
      a->emit(event_type::token, "x");
    a->complete();
  }};
  for (int i = 0; i < 500; ++i)
    b->emit(event_type::token, "y");
  b->complete();
  int seen = 0;
  for (int ends = 0; ends < 2; ++seen)
    ends += socket.text().find(R"("type":"completed")") != std::string::npos ? 1 : 0;
  CHECK(seen == 1002);
  other.join();
}

TEST_CASE("a close frame, a dropped connection and a reset cancel the turn at once") {
  door d;
  d.hold_turns();
  for (const auto how : {0, 1, 2}) {
    auto socket = open(d);
    socket.send(R"({"message":"a"})");
    const auto turn = d.runtime->next_turn();
    if (how == 0)
      socket.send(std::string{"\x03\xe8", 2}, 8);
    else
      socket.connection().close(how == 2);
    CHECK(turn->wait_cancelled() == "the client disconnected");
    if (how == 0)
      CHECK(socket.close_code() == 1000);
  }
}

TEST_CASE("what breaks the rules closes the socket with its code") {
  door d;
  auto big = open(d);
  big.send(std::string(70'000, 'x'));
  CHECK(big.close_code() == 1009);
  auto binary = open(d);
  binary.send("{}", 2);
  CHECK(binary.close_code() == 1003);
  auto broken = open(d);
  broken.send("\"\xff\"");
  CHECK(broken.close_code() == 1007);
  auto strange = open(d);
  strange.send("", 3);
  CHECK(strange.close_code() == 1002);
  auto fitting = open(d);
  fitting.send(R"({"type":"ping","id":")" + std::string(60'000, 'x') + "\"}");
  CHECK_THAT(fitting.text(), ContainsSubstring(R"("field":"id")"));
}

TEST_CASE("a client that goes on sending after its fault is still told of it") {
  door d;
  auto socket = open(d);
  for (int i = 0; i < 20; ++i)
    socket.send(std::string(70'000, 'x'));
  CHECK(socket.close_code() == 1009);
}

TEST_CASE("sessions beyond the limit are closed with 1013") {
  door d;
  d.runtime->sessions.settings.max_sessions = 1;
  auto first = open(d);
  auto second = open(d);
  CHECK(second.close_code() == 1013);
  first.send(R"({"type":"ping"})");
  CHECK_THAT(first.text(), ContainsSubstring("pong"));
}

TEST_CASE("a socket that is not read is cut off, and slows nobody else") {
  door d;
  d.runtime->sessions.settings.max_buffered = 64 * 1024;
  d.hold_turns();
  raw_websocket deaf{d.connect(4096), "/ws/chat"};
  deaf.send(R"({"message":"a"})");
  const auto endless = d.runtime->next_turn();
  auto reader = open(d);
  reader.send(R"({"message":"b"})");
  const auto other = d.runtime->next_turn();
  const std::string piece(1024, 'x');
  while (!endless->cancelled()) {
    endless->emit(event_type::token, piece);
    other->emit(event_type::token, "t");
    REQUIRE_THAT(reader.text(), ContainsSubstring(R"("text":"t")"));
  }
  CHECK_THAT(metrics(d), ContainsSubstring("flipsync_websocket_cut_off_total 1\n"));
}

TEST_CASE("a burst beyond what may wait reaches a client whose socket has room") {
  door d;
  d.runtime->sessions.settings.max_buffered = 16 * 1024;
  d.hold_turns();
  raw_websocket reader{d.connect(1024 * 1024), "/ws/chat"};
  reader.send(R"({"message":"a"})");
  const auto turn = d.runtime->next_turn();
  const std::string piece(1024, 'x');
  constexpr int pieces = 200;
  for (int i = 0; i < pieces; ++i)
    turn->emit(event_type::token, piece);
  turn->complete();
  int seen = 0;
  for (auto frame = reader.text(); frame.find("completed") == std::string::npos;
       frame = reader.text())
    seen += frame.find(piece) != std::string::npos ? 1 : 0;
  CHECK(seen == pieces);
}

TEST_CASE("a client that does not answer a close is not waited for long") {
  bridge_settings settings;
  settings.close_timeout = 50ms;
  door d{settings};
  auto socket = open(d);
  socket.send("x", 2);
  CHECK(socket.close_code() == 1003);
  CHECK(socket.connection().closed_by_server());
}

TEST_CASE("a drain tells the clients, lets turns end and closes with 1001") {
  door d;
  d.hold_turns();
  auto idle = open(d);
  auto busy = open(d);
  busy.send(R"({"message":"a"})");
  const auto turn = d.runtime->next_turn();
  d.listener->begin_drain();
  CHECK(idle.close_code() == 1001);
  CHECK_THAT(busy.text(), ContainsSubstring("draining"));
  CHECK_FALSE(d.listener->wait_idle(1ms));
  turn->complete();
  CHECK_THAT(busy.text(), ContainsSubstring("completed"));
  CHECK(busy.close_code() == 1001);
  for (auto* socket : {&idle, &busy})
    socket->connection().close();
  CHECK(d.listener->wait_idle(20s));
  CHECK(d.listener->open_sockets() == 0);
}

TEST_CASE("a door that stops ends its sockets and their turns") {
  door d;
  d.hold_turns();
  auto socket = open(d);
  socket.send(R"({"message":"a"})");
  const auto turn = d.runtime->next_turn();
  d.listener->stop();
  CHECK(turn->cancelled());
  CHECK(socket.connection().read_all().empty());
  turn->emit(event_type::token, "late");
}

TEST_CASE("an upgrade that is none is a problem on a connection that goes on") {
  door d;
  auto client = d.connect();
  const auto plain = client.request("GET", "/ws/chat");
  CHECK(plain.status == 426);
  CHECK(plain.header("upgrade") == "websocket");
  CHECK(client.request("GET", "/livez").status == 200);
  client.send(upgrade_request("/api/v1/ws/chat/not%20an%20id"));
  const auto bad = client.read_response();
  CHECK(bad.status == 400);
  CHECK_THAT(bad.body, ContainsSubstring(R"("field":"conversation_id")"));
}
