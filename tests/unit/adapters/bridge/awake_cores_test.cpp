#include "adapters/bridge/awake_cores.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "tests/support/raw_websocket.hpp"
#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::int32_t awake = 0;
constexpr std::int32_t may_sleep = -1;

/// A pipe in the place of the kernel's device, so that a test can wait for what it is told.
class fake_device {
public:
  fake_device() {
    if (::mkdtemp(folder_.data()) == nullptr || ::mkfifo(path().c_str(), 0600) != 0)
      throw std::runtime_error{"no pipe"};
    reader_ = ::open(path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~fake_device() {
    ::close(reader_);
    ::unlink(path().c_str());
    ::rmdir(folder_.c_str());
  }
  fake_device(const fake_device&) = delete;
  fake_device& operator=(const fake_device&) = delete;

  [[nodiscard]] std::string path() const { return folder_ + "/device"; }

  /// The next wish; throws where there is none within 20 s, or nobody is left who might have one.
  [[nodiscard]] std::int32_t next() const {
    constexpr int patience_ms = 20'000;
    pollfd wait{reader_, POLLIN, 0};
    std::int32_t wish = 1;
    if (::poll(&wait, 1, patience_ms) != 1 || ::read(reader_, &wish, sizeof wish) != sizeof wish)
      throw std::runtime_error{"nothing was told to the device"};
    return wish;
  }

private:
  std::string folder_ = "/tmp/flipsync-device-XXXXXX";
  int reader_ = -1;
};

bridge_settings keeping_awake(const fake_device& device, std::chrono::milliseconds hold) {
  bridge_settings out;
  out.keep_cores_awake = hold;
  out.wake_latency_device = device.path();
  return out;
}

} // namespace

TEST_CASE("a request keeps the cores awake, and they may sleep when no other follows") {
  const fake_device device;
  const door d{keeping_awake(device, 5ms)};
  auto client = d.connect();
  for (int i = 0; i < 3; ++i) {
    CHECK(client.request("GET", "/livez").status == 200);
    CHECK(device.next() == awake);
    CHECK(device.next() == may_sleep);
  }
}

TEST_CASE("dense requests are one wish, which a stop takes back at once") {
  const fake_device device;
  const door d{keeping_awake(device, 1min)};
  auto client = d.connect();
  for (int i = 0; i < 100; ++i)
    REQUIRE(client.request("GET", "/livez").status == 200);
  CHECK(device.next() == awake);
  d.listener->stop();
  CHECK(device.next() == may_sleep);
}

TEST_CASE("an answer that took long, and a frame of a WebSocket, are work as well") {
  const fake_device device;
  door d{keeping_awake(device, 5ms)};
  d.hold_turns();
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", hello));
  const auto slow = d.runtime->next_turn();
  CHECK(device.next() == awake);
  CHECK(device.next() == may_sleep);
  slow->complete();
  CHECK(client.read_response().status == 200);
  CHECK(device.next() == awake);
  CHECK(device.next() == may_sleep);

  raw_websocket socket{d.connect(), "/api/v1/ws/connect", {}};
  CHECK(device.next() == awake);
  CHECK(device.next() == may_sleep);
  socket.send(R"({"type":"ping"})");
  CHECK_THAT(socket.text(), ContainsSubstring("pong"));
  CHECK(device.next() == awake);
}

TEST_CASE("with several I/O threads each has its own wish") {
  const fake_device device;
  auto settings = keeping_awake(device, 1min);
  settings.io_threads = 2;
  const door d{settings};
  auto one = d.connect();
  auto other = d.connect();
  CHECK(one.request("GET", "/livez").status == 200);
  CHECK(other.request("GET", "/livez").status == 200);
  CHECK(device.next() == awake);
  CHECK(device.next() == awake);
}

TEST_CASE("a door that may not keep the cores awake does not start, and says why") {
  bridge_settings settings;
  settings.port = 0;
  settings.keep_cores_awake = 20ms;
  settings.wake_latency_device = "/nowhere/cpu_dma_latency";
  const auto started = bridge::start(settings, std::make_shared<fake_facade>());
  REQUIRE_FALSE(started);
  const auto& why = started.error();
  CHECK(why.code == errc::forbidden);
  CHECK(why.detail("field") == "keep_cores_awake");
  CHECK_THAT(why.message, ContainsSubstring("/nowhere/cpu_dma_latency")
                            && ContainsSubstring("No such file")
                            && ContainsSubstring("server.keep_cores_awake"));
}

TEST_CASE("a device that takes nothing does not stop the service") {
  auto settings = bridge_settings{};
  settings.keep_cores_awake = 5ms;
  settings.wake_latency_device = "/dev/full";
  const door d{settings};
  CHECK(d.connect().request("GET", "/livez").status == 200);
  CHECK(d.connect().request("GET", "/livez").status == 200);
}
