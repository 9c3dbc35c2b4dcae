#include "runtime/app/event_queue.hpp"

#include <catch2/catch_test_macros.hpp>
#include <poll.h>

#include <thread>

using namespace flipsync;
using flipsync::app::event_queue;

namespace {

bool readable(int fd) {
  pollfd wait{fd, POLLIN, 0};
  return poll(&wait, 1, 0) == 1;
}

} // namespace

TEST_CASE("events come out in the order in which another thread put them in") {
  event_queue queue;
  constexpr std::uint64_t count = 10'000;
  std::thread sender{[&] {
    turn_event event;
    for (event.seq = 1; event.seq <= count; ++event.seq)
      queue.on_event(event);
  }};
  std::uint64_t last = 0;
  while (last < count) {
    pollfd wait{queue.fd(), POLLIN, 0};
    REQUIRE(poll(&wait, 1, 10'000) == 1);
    for (const auto& event : queue.take())
      REQUIRE(event.seq == ++last);
  }
  sender.join();
}

TEST_CASE("an emptied queue is not readable until the next event") {
  event_queue queue;
  CHECK_FALSE(readable(queue.fd()));
  queue.on_event({});
  CHECK(readable(queue.fd()));
  CHECK(queue.take().size() == 1);
  CHECK_FALSE(readable(queue.fd()));
  CHECK(queue.take().empty());
}
