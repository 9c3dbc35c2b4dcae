#include "runtime/core/session/outbox.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/recording_port.hpp"

using namespace flipsync;

namespace {

struct box {
  std::shared_ptr<testing::recording_port> port = std::make_shared<testing::recording_port>();
  outbox out{port, 10};
};

} // namespace

TEST_CASE("a batch wakes its connection once") {
  box b;
  b.out.push("a");
  b.out.push("b");
  CHECK(b.port->wakes == 1);
  CHECK(b.out.take().frames == std::vector<std::string>{"a", "b"});
  b.out.push("c");
  CHECK(b.port->wakes == 2);
}

TEST_CASE("where more waits than the limit the connection is told once, until it takes") {
  box b;
  b.out.push("1234567890");
  CHECK_FALSE(b.out.lags());
  b.out.push("x");
  CHECK(b.out.lags());
  CHECK(b.port->wakes == 2); // although the first was not taken
  b.out.push("y");
  CHECK(b.port->wakes == 2);
  CHECK_FALSE(b.out.cut_off());
  CHECK(b.out.take().frames.size() == 3);
  CHECK_FALSE(b.out.lags());
  b.out.push("12345678901");
  CHECK(b.out.lags());
  CHECK(b.port->wakes == 3);
}

TEST_CASE("where sixteen times the limit waits the client is cut off and nothing is kept for it") {
  box b;
  b.out.push(std::string(161, 'x'));
  CHECK_FALSE(b.out.cut_off());
  b.out.push("x");
  CHECK(b.out.cut_off());
  CHECK(b.port->wakes == 2);
  CHECK(b.out.take().frames.empty());
  b.out.push("y");
  CHECK(b.out.take().frames.empty());
}

TEST_CASE("what has been taken does not count as waiting") {
  box b;
  for (int i = 0; i < 10; ++i) {
    b.out.push("1234567890");
    b.out.take();
  }
  CHECK_FALSE(b.out.cut_off());
}

TEST_CASE("the first close counts and comes after the frames before it") {
  box b;
  b.out.push("a");
  b.out.close(close_code::going_away, "first");
  b.out.close(close_code::internal, "second");
  b.out.push("late");
  const auto output = b.out.take();
  CHECK(output.frames == std::vector<std::string>{"a"});
  CHECK(output.close == close_code::going_away);
  CHECK(output.reason == "first");
  CHECK(b.out.take().close == close_code::none);
}

TEST_CASE("a connection that is gone is told nothing more") {
  box b;
  b.out.shut();
  b.out.push("a");
  b.out.ping();
  b.out.nudge();
  b.out.cut();
  CHECK(b.port->wakes == 0);
  CHECK(b.port.use_count() == 1);
}
