#include "runtime/core/session/session_actor.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/core/virtual_runtime.hpp"
#include "tests/support/recording_port.hpp"

using namespace flipsync;
using namespace flipsync::test;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A client of a whole runtime in virtual time.
struct connected {
  explicit connected(virtual_runtime& runtime, session_options options = {})
    : live{*runtime.runtime->open_session(std::move(options), port)} {}
  ~connected() { live->closed(session_end::left); }
  connected(const connected&) = delete;
  connected& operator=(const connected&) = delete;
  std::size_t count(std::string_view text) {
    port->take_from(*live);
    return port->count(text);
  }
  std::shared_ptr<testing::recording_port> port = std::make_shared<testing::recording_port>();
  std::shared_ptr<session> live;
};

constexpr const char* hello = R"({"message":"hello seller","agent":"seller","id":"h"})";

} // namespace

TEST_CASE("a message on a socket is a whole turn of the runtime, in virtual time") {
  virtual_runtime runtime;
  runtime.play = [](const model_request&, std::size_t) {
    script s;
    s.tokens = {"an ", "answer"};
    return s;
  };
  connected c{runtime};
  c.live->frame(hello);
  c.live->frame(R"({"type":"ping"})");
  runtime.advance(1s);
  CHECK(c.count(R"("type":"turn_started")") == 1);
  CHECK(c.count(R"("type":"token")") == 2);
  CHECK(c.count(R"("type":"completed")") == 1);
  CHECK(c.count(R"("type":"pong")") == 1);
}

TEST_CASE("turns of one conversation end in their order") {
  virtual_runtime runtime;
  connected c{runtime};
  for (int i = 0; i < 3; ++i)
    c.live->frame(R"({"message":"hello","agent":"seller","conversation_id":"c","id":)"
                  + std::to_string(i) + "}");
  runtime.advance(5s);
  c.port->take_from(*c.live);
  std::string order;
  for (const auto& frame : c.port->frames)
    if (frame.find(R"("type":"completed")") != std::string::npos)
      order += frame[frame.size() - 2];
  CHECK(order == "012");
}

TEST_CASE("a client that leaves stops its turn without a message having to be run") {
  virtual_runtime runtime;
  runtime.play = [](const model_request&, std::size_t) {
    script s;
    s.hang = true;
    return s;
  };
  connected c{runtime};
  c.live->frame(hello);
  runtime.run();
  CHECK(runtime.runtime->health().turns_in_flight == 1);
  c.live->closed(session_end::left);
  CHECK(runtime.runtime->health().turns_in_flight == 0);
}

TEST_CASE("a session leaves no actor behind") {
  virtual_runtime runtime;
  const auto before = runtime.runtime->system().registry().running();
  {
    connected c{runtime};
    c.live->frame(hello);
    runtime.run();
    CHECK(runtime.runtime->system().registry().running() > before);
    c.live->closed(session_end::left);
  }
  runtime.advance(2min);
  CHECK(runtime.runtime->system().registry().running() <= before);
}

TEST_CASE("frames beyond the limit wait unread, and the connection is told when there is room") {
  virtual_runtime runtime;
  connected c{runtime};
  for (int i = 0; i < 64; ++i) {
    CHECK(c.live->may_read());
    c.live->frame(R"({"type":"ping"})");
  }
  CHECK_FALSE(c.live->may_read());
  runtime.run();
  CHECK(c.live->may_read());
  CHECK(c.port->wakes > 0);
  CHECK(c.count("pong") == 64);
}

TEST_CASE("a subscriber hears of an agent that takes up a turn") {
  virtual_runtime runtime;
  connected c{runtime};
  c.live->frame(R"({"type":"subscribe","topics":["agents"]})");
  runtime.run();
  CHECK(c.count(R"("type":"agents")") == 1);
  c.live->frame(hello);
  runtime.advance(2s);
  CHECK(c.count(R"("type":"agents")") > 1);
  CHECK(c.count(R"("turns":1)") >= 1);
}

TEST_CASE("a detached turn of any door is resumed over a session") {
  virtual_runtime runtime;
  turn_request request;
  request.message = "hello seller";
  request.agent = "seller";
  request.detach = true;
  const auto log = runtime.submit(request);
  runtime.advance(1s);
  REQUIRE(log->ended());
  connected c{runtime};
  c.live->frame(R"({"type":"resume","after_seq":0,"turn":")" + log->events.front().turn + R"("})");
  runtime.run();
  CHECK(c.count(R"("seq":)") == log->events.size());
  runtime.advance(61s);
  c.live->frame(R"({"type":"resume","after_seq":0,"turn":")" + log->events.front().turn + R"("})");
  runtime.run();
  CHECK(c.count("not_found") == 1);
}
