/// The conduct of the second cache where there is no Redis; with one: tests/integration.

#include "adapters/cache/redis_cache.hpp"

#include <arpa/inet.h>
#include <catch2/catch_test_macros.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string_view>
#include <thread>
#include <vector>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

/// A port of this machine that accepts nothing, or, where it listens, never answers.
class silent_port {
public:
  explicit silent_port(bool listens) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    if (listens)
      REQUIRE(::listen(socket_, 8) == 0);
    socklen_t size = sizeof at;
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port = ntohs(at.sin_port);
  }
  ~silent_port() { ::close(socket_); }
  silent_port(const silent_port&) = delete;
  silent_port& operator=(const silent_port&) = delete;
  [[nodiscard]] int socket() const noexcept { return socket_; }
  std::uint16_t port = 0;

private:
  int socket_;
};

/// Finds nothing, and has nothing to sweep.
class empty_server {
public:
  empty_server()
    : serving_{[this] {
        for (int client = 0; (client = ::accept(port_.socket(), nullptr, nullptr)) >= 0;)
          answering_.emplace_back([client] { answer(client); });
      }} {}
  ~empty_server() {
    ::shutdown(port_.socket(), SHUT_RDWR);
    serving_.join();
    for (auto& each : answering_)
      each.join();
  }
  empty_server(const empty_server&) = delete;
  empty_server& operator=(const empty_server&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_.port; }

private:
  static void answer(int client) {
    std::array<char, 4096> bytes{};
    for (ssize_t n = 0; (n = ::recv(client, bytes.data(), bytes.size(), 0)) > 0;) {
      const std::string_view asked{bytes.data(), static_cast<std::size_t>(n)};
      const std::string_view told =
        asked.find("SCAN") != std::string_view::npos ? "*2\r\n$1\r\n0\r\n*0\r\n" : "$-1\r\n";
      ::send(client, told.data(), told.size(), MSG_NOSIGNAL);
    }
    ::close(client);
  }

  const silent_port port_{true};
  std::vector<std::thread> answering_;
  std::thread serving_; ///< the last, as it uses the others
};

std::unique_ptr<second_cache> cache_at(std::uint16_t port, std::chrono::milliseconds timeout) {
  redis_settings settings;
  settings.address = {.host = "127.0.0.1", .port = port};
  settings.timeout = timeout;
  settings.retry_after = 1h;
  settings.max_retry_after = 1h;
  return make_redis_cache(std::move(settings));
}

std::optional<std::string> found(second_cache& cache) {
  std::promise<std::optional<std::string>> told;
  cache.find("name", [&](std::optional<std::string> bytes) { told.set_value(std::move(bytes)); });
  return told.get_future().get();
}

} // namespace

TEST_CASE("where nobody listens it is a miss, and then left alone") {
  const silent_port nobody{false};
  const auto cache = cache_at(nobody.port, 2s);
  CHECK(cache->show().up);
  CHECK_FALSE(found(*cache));
  // The next one does not even begin: it is told before find returns.
  bool told = false;
  while (cache->show().up)
    std::this_thread::yield();
  cache->find("name", [&](const std::optional<std::string>&) { told = true; });
  CHECK(told);
  cache->keep("name", "bytes", 1s);
  CHECK(cache->show().failures == 1);
  CHECK(cache->show().dropped == 2);
}

TEST_CASE("a server that hangs costs the limit once") {
  const silent_port hung{true};
  const auto cache = cache_at(hung.port, 50ms);
  const auto began = std::chrono::steady_clock::now();
  CHECK_FALSE(found(*cache));
  CHECK(std::chrono::steady_clock::now() - began >= 50ms);
  while (cache->show().up)
    std::this_thread::yield();
  CHECK_FALSE(found(*cache));
  CHECK(cache->show().failures == 1);
}

TEST_CASE("whoever waits is told when the cache ends, at once") {
  const silent_port hung{true};
  auto cache = cache_at(hung.port, 1h);
  std::promise<bool> told;
  cache->find("name",
              [&](const std::optional<std::string>& bytes) { told.set_value(bytes.has_value()); });
  cache.reset();
  CHECK_FALSE(told.get_future().get());
}

TEST_CASE("what is on its way to Redis is there before a clear begins") {
  const empty_server server;
  const auto cache = cache_at(server.port(), 10s);
  std::promise<void> cleared;
  std::promise<bool> overtaken;
  cache->find("name", [&](const std::optional<std::string>&) {
    overtaken.set_value(cleared.get_future().wait_for(300ms) == std::future_status::ready);
  });
  std::promise<std::optional<std::uint64_t>> gone;
  cache->clear("*", [&](std::optional<std::uint64_t> count) {
    cleared.set_value();
    gone.set_value(count);
  });
  CHECK_FALSE(overtaken.get_future().get());
  CHECK(gone.get_future().get() == 0);
}
