#include "adapters/bridge/direct_send.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Two connected sockets, ours non-blocking.
struct pair_of_sockets {
  pair_of_sockets() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  }
  ~pair_of_sockets() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  /// What has arrived.
  [[nodiscard]] std::string read() const {
    std::string out;
    std::array<char, 65536> chunk;
    for (;;) {
      const auto bytes = ::read(ends[1], chunk.data(), chunk.size());
      if (bytes <= 0)
        return out;
      out.append(chunk.data(), static_cast<std::size_t>(bytes));
    }
  }
  std::array<int, 2> ends{};
};

response_head json_head() {
  response_head head;
  head.content_type = "application/json";
  head.request_id = "r1";
  return head;
}

auto appends(std::string text) {
  return [text = std::move(text)](std::string& out) { out += text; };
}

constexpr auto no_more = [](std::string&) {};
const std::atomic<bool> going_on{false};

} // namespace

TEST_CASE("a response is sent with its length by the thread that has it") {
  const pair_of_sockets sockets;
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), going_on);
  CHECK_FALSE(direct.sent());
  direct.send(appends("{\"a\":"), appends("1}"));
  CHECK(direct.sent());
  const auto got = sockets.read();
  CHECK_THAT(got, ContainsSubstring("HTTP/1.1 200 OK\r\nDate: "));
  CHECK_THAT(got, ContainsSubstring("Content-Length:        7\r\n\r\n{\"a\":1}"));
  const auto outcome = direct.close();
  CHECK(outcome.sent);
  CHECK(outcome.unsent.empty());
}

TEST_CASE("what was prepared is not written again") {
  const pair_of_sockets sockets;
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), going_on);
  CHECK(direct.prepare(appends("[1,")));
  CHECK(sockets.read().empty());
  direct.send(appends("[2,"), appends("3]"));
  CHECK_THAT(sockets.read(), ContainsSubstring("\r\n\r\n[1,3]"));
}

TEST_CASE("nothing is sent that was not opened, was closed, or was sent already") {
  const pair_of_sockets sockets;
  direct_send never;
  CHECK_FALSE(never.prepare(appends("a")));
  never.send(appends("a"), no_more);
  CHECK_FALSE(never.close().sent);

  direct_send closed;
  closed.open(sockets.ends[0], json_head(), going_on);
  CHECK_FALSE(closed.close().sent);
  closed.send(appends("a"), no_more);
  CHECK_FALSE(closed.sent());
  CHECK(sockets.read().empty());

  direct_send twice;
  twice.open(sockets.ends[0], json_head(), going_on);
  twice.send(appends("a"), no_more);
  CHECK_FALSE(sockets.read().empty());
  twice.send(appends("b"), no_more);
  CHECK(sockets.read().empty());
}

TEST_CASE("what the socket does not take is left to the I/O thread, in order") {
  const pair_of_sockets sockets;
  const std::string body(4 * 1024 * 1024, 'x');
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), going_on);
  direct.send(appends(body), appends("end"));
  const auto first = sockets.read();
  const auto outcome = direct.close();
  CHECK(outcome.sent);
  CHECK_FALSE(first.empty());
  CHECK_FALSE(outcome.unsent.empty());
  const auto whole = first + outcome.unsent;
  CHECK(whole.ends_with("xend"));
  CHECK(whole.size() == whole.find("\r\n\r\n") + 4 + body.size() + 3);
}

TEST_CASE("a door that drains has its answers sent by the I/O thread, which says good-bye") {
  const pair_of_sockets sockets;
  std::atomic<bool> draining{false};
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), draining);
  draining = true;
  direct.send(appends("a"), no_more);
  CHECK_FALSE(direct.close().sent);
  CHECK(sockets.read().empty());
}

TEST_CASE("a body that could not be written is not sent in part") {
  const pair_of_sockets sockets;
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), going_on);
  CHECK_THROWS(static_cast<void>(direct.prepare([](std::string& out) {
    out += "half";
    throw std::runtime_error{"no memory"};
  })));
  direct.send(appends("a"), no_more);
  CHECK_FALSE(direct.sent());
  CHECK(sockets.read().empty());
}

TEST_CASE("a client that has gone is no error to whoever answers") {
  const pair_of_sockets sockets;
  ::shutdown(sockets.ends[1], SHUT_RDWR);
  direct_send direct;
  direct.open(sockets.ends[0], json_head(), going_on);
  direct.send(appends("a"), no_more);
  CHECK(direct.sent());
  CHECK_FALSE(direct.close().unsent.empty());
}

TEST_CASE("a lone answer reaches its client while the I/O thread is busy with something else") {
  door d;
  std::mutex held;
  std::condition_variable changed;
  int submitted = 0;
  bool answered = false;
  // The second request holds the I/O thread up until the first has its answer.
  d.runtime->on_submit = [&](const std::shared_ptr<fake_turn>& turn) {
    std::unique_lock lock{held};
    if (++submitted == 1)
      return;
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds{20}, [&] { return answered; });
    turn->complete("later");
  };
  auto first = d.connect();
  first.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  auto second = d.connect();
  second.send(json_post("/api/v1/chat", hello));
  {
    std::unique_lock lock{held};
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{20}, [&] { return submitted == 2; }));
  }
  turn->complete("at once");
  const auto r = first.read_response();
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring("at once"));
  {
    const std::lock_guard lock{held};
    answered = true;
  }
  changed.notify_all();
  CHECK_THAT(second.read_response().body, ContainsSubstring("later"));
  // Both connections go on.
  for (auto* each : {&first, &second}) {
    each->send(json_post("/api/v1/chat", hello));
    CHECK_THAT(each->read_response().body, ContainsSubstring("later"));
  }
}

TEST_CASE("who has a direct answer finds it counted, and leaving then cancels nothing") {
  door d;
  d.hold_turns();
  for (int i = 1; i <= 50; ++i) {
    auto client = d.connect();
    client.send(json_post("/api/v1/chat", hello));
    d.runtime->next_turn()->complete();
    CHECK(client.read_response().status == 200);
    auto other = d.connect();
    const auto figures = other.request("GET", "/metrics").body;
    CHECK_THAT(figures, ContainsSubstring(
                          "flipsync_http_requests_total{route=\"/api/v1/chat\",status=\"200\"} "
                          + std::to_string(i) + "\n"));
    CHECK_THAT(figures, ContainsSubstring("flipsync_http_disconnects_total 0\n"));
  }
}

TEST_CASE("a pipelined request is answered after the direct answer before it") {
  door d;
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto turn = d.runtime->next_turn();
  client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  turn->complete("first");
  CHECK_THAT(client.read_response().body, ContainsSubstring("first"));
  CHECK(client.read_response().status == 200);
}
