#include "adapters/http_client/socket_watch.hpp"

#include <arpa/inet.h>
#include <catch2/catch_test_macros.hpp>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using flipsync::http::socket_watch;

namespace {

using steady = socket_watch::steady;

/// A watch that notes what it tells.
struct noting_watch {
  std::vector<std::pair<int, int>> told;
  std::function<void(int)> also = [](int) {};
  socket_watch watch{[this](int socket, int events) {
    told.emplace_back(socket, events);
    also(socket);
  }};

  /// What is told of what is ready now.
  std::vector<std::pair<int, int>> look() {
    told.clear();
    watch.wait(steady::now());
    return told;
  }
  /// Whether a wait lasts until its time, since nothing is ready.
  bool is_quiet() {
    const auto until = steady::now() + 5ms;
    const bool rung = watch.wait(until);
    return !rung && steady::now() >= until;
  }
};

struct pair_of_sockets {
  pair_of_sockets() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0); }
  ~pair_of_sockets() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  pair_of_sockets(const pair_of_sockets&) = delete;
  pair_of_sockets& operator=(const pair_of_sockets&) = delete;

  void write_far() const { REQUIRE(::write(ends[1], "x", 1) == 1); }
  [[nodiscard]] int near() const { return ends[0]; }

  int ends[2] = {-1, -1};
};

/// A server on a port of its own, which accepts one connection.
struct listener {
  listener() : socket{::socket(AF_INET, SOCK_STREAM, 0)} {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    REQUIRE(::listen(socket, 1) == 0);
  }
  ~listener() { ::close(socket); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  void connect(int client) const {
    const int done = ::connect(client, reinterpret_cast<const sockaddr*>(&address), size);
    REQUIRE((done == 0 || errno == EINPROGRESS));
  }

  int socket;
  sockaddr_in address{};
  socklen_t size = sizeof address;
};

} // namespace

TEST_CASE("a bell ends the wait that it is rung before, and no other") {
  noting_watch sockets;
  sockets.watch.wake_up()->ring();
  CHECK(sockets.watch.wait(std::nullopt));
  CHECK(sockets.is_quiet());
  sockets.watch.wake_up()->ring();
  CHECK(sockets.watch.wait(std::nullopt));
}

TEST_CASE("a bell that another thread rings ends the wait under way") {
  noting_watch sockets;
  std::thread ringer{[bell = sockets.watch.wake_up()] { bell->ring(); }};
  CHECK(sockets.watch.wait(std::nullopt));
  ringer.join();
}

TEST_CASE("a bell outlives the sockets that it was made for") {
  auto sockets = std::make_unique<noting_watch>();
  const auto bell = sockets->watch.wake_up();
  sockets.reset();
  bell->ring();
  CHECK(bell.use_count() == 1);
}

TEST_CASE("a socket is told of while it is ready and wanted") {
  noting_watch sockets;
  const pair_of_sockets ends;
  sockets.watch.want(ends.near(), CURL_POLL_IN);
  CHECK(sockets.is_quiet());
  ends.write_far();
  const std::vector<std::pair<int, int>> readable{{ends.near(), CURL_CSELECT_IN}};
  CHECK(sockets.look() == readable);
  CHECK(sockets.look() == readable);
  sockets.watch.want(ends.near(), CURL_POLL_INOUT);
  CHECK(sockets.look()
        == std::vector<std::pair<int, int>>{{ends.near(), CURL_CSELECT_IN | CURL_CSELECT_OUT}});
  sockets.watch.want(ends.near(), CURL_POLL_REMOVE);
  CHECK(sockets.look().empty());
  CHECK(sockets.is_quiet());
}

TEST_CASE("a kept connection whose server closes it wakes nobody twice, and is found closed") {
  const listener server;
  noting_watch sockets;
  const int ours = sockets.watch.open(AF_INET, SOCK_STREAM, 0);
  REQUIRE(ours >= 0);
  server.connect(ours);
  sockets.watch.want(ours, CURL_POLL_OUT);
  const int accepted = ::accept(server.socket, nullptr, nullptr);
  REQUIRE(accepted >= 0);
  sockets.watch.wait(std::nullopt);
  CHECK(sockets.told == std::vector<std::pair<int, int>>{{ours, CURL_CSELECT_OUT}});
  sockets.watch.want(ours, CURL_POLL_INOUT);
  sockets.watch.want(ours, CURL_POLL_IN);
  sockets.watch.want(ours, CURL_POLL_REMOVE);
  CHECK(sockets.is_quiet());

  sockets.told.clear();
  ::close(accepted);
  sockets.watch.wait(std::nullopt);
  CHECK(sockets.told.empty());
  CHECK(sockets.is_quiet());

  sockets.watch.want(ours, CURL_POLL_IN);
  CHECK(sockets.look() == std::vector<std::pair<int, int>>{{ours, CURL_CSELECT_IN}});
  sockets.watch.want(ours, CURL_POLL_REMOVE);
  sockets.watch.close(ours);
}

TEST_CASE("a kept connection that is sent to in parts is quiet once no transfer uses it") {
  const listener server;
  noting_watch sockets;
  const int ours = sockets.watch.open(AF_INET, SOCK_STREAM, 0);
  server.connect(ours);
  const int accepted = ::accept(server.socket, nullptr, nullptr);
  sockets.watch.want(ours, CURL_POLL_IN);
  sockets.watch.want(ours, CURL_POLL_INOUT);
  sockets.watch.want(ours, CURL_POLL_REMOVE);
  CHECK(sockets.is_quiet());
  sockets.watch.close(ours);
  ::close(accepted);
}

TEST_CASE("what was ready of a closed socket is not told of another with its number") {
  noting_watch sockets;
  const pair_of_sockets one;
  const pair_of_sockets other;
  const pair_of_sockets fresh;
  sockets.also = [&](int told) {
    const int gone = told == one.near() ? other.near() : one.near();
    sockets.watch.want(gone, CURL_POLL_REMOVE);
    REQUIRE(::dup2(fresh.near(), gone) == gone);
    sockets.watch.want(gone, CURL_POLL_IN);
  };
  sockets.watch.want(one.near(), CURL_POLL_IN);
  sockets.watch.want(other.near(), CURL_POLL_IN);
  one.write_far();
  other.write_far();
  CHECK(sockets.look().size() == 1);
}

TEST_CASE("a socket of others that is dropped while it is open and ready ends one wait at most") {
  noting_watch sockets;
  const pair_of_sockets one;
  sockets.watch.want(one.near(), CURL_POLL_IN);
  sockets.watch.want(one.near(), CURL_POLL_REMOVE);
  one.write_far();
  CHECK(sockets.look().empty());
  CHECK(sockets.is_quiet());
  sockets.watch.want(one.near(), CURL_POLL_IN);
  CHECK(sockets.look().size() == 1);
}

TEST_CASE(
  "a connection that is taken over lives on by its own number, and is quiet until it is ready") {
  const listener server;
  noting_watch sockets;
  const int first = sockets.watch.open(AF_INET, SOCK_STREAM, 0);
  sockets.watch.want(first, CURL_POLL_OUT);
  server.connect(first);
  const int accepted = ::accept(server.socket, nullptr, nullptr);
  sockets.watch.want(first, CURL_POLL_REMOVE);
  const int own = sockets.watch.take_over(first);
  REQUIRE(own >= 0);
  sockets.watch.close(first);
  // What was watched of the first number must not end waits for ever.
  CHECK(sockets.is_quiet());
  sockets.watch.want(own, CURL_POLL_IN);
  CHECK(sockets.is_quiet());
  REQUIRE(::write(accepted, "x", 1) == 1);
  CHECK(sockets.look() == std::vector<std::pair<int, int>>{{own, CURL_CSELECT_IN}});
  ::close(accepted);
  sockets.watch.close(own);
}
