#include "runtime/core/session/turn_relay.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <stdexcept>
#include <thread>

using namespace flipsync;
using Catch::Matchers::ContainsSubstring;

namespace {

struct target final : relay_target {
  void send(std::string frame) override { frames.push_back(std::move(frame)); }
  void turn_left(const turn_relay&) override { ++left; }
  std::vector<std::string> frames;
  int left = 0;
};

struct keeper final : relay_keeper {
  void turn_ended(const turn_relay&) override { ++ended; }
  int ended = 0;
};

struct control final : turn::control {
  void cancel(std::string_view why) override { reason = why; }
  [[nodiscard]] const std::string& id() const noexcept override { return name; }
  std::string name = "turn_1";
  std::string reason;
};

struct scene {
  explicit scene(turn_relay::options options = {}) {
    relay = std::make_shared<turn_relay>(std::move(options), kept, first);
    relay->started(turn{running});
  }
  void event(event_type type, std::string text = {}) {
    turn_event e;
    e.type = type;
    e.turn = "turn_1";
    e.seq = ++seq;
    e.text = std::move(text);
    if (is_terminal(type))
      e.reply = std::make_shared<const turn_reply>();
    relay->on_event(e);
  }
  std::shared_ptr<keeper> kept = std::make_shared<keeper>();
  std::shared_ptr<target> first = std::make_shared<target>();
  std::shared_ptr<target> second = std::make_shared<target>();
  std::shared_ptr<control> running = std::make_shared<control>();
  std::shared_ptr<turn_relay> relay;
  std::uint64_t seq = 0;
};

turn_relay::options keeping(std::size_t most = 1024) {
  turn_relay::options options;
  options.keep = true;
  options.client_id = R"("mine")";
  options.max_log = most;
  return options;
}

} // namespace

TEST_CASE("frames for a shopper tell no costs") {
  for (const auto who : {audience::shopper, audience::any}) {
    turn_relay::options options;
    options.who = who;
    scene s{options};
    s.event(event_type::completed);
    REQUIRE(s.first->frames.size() == 1);
    const bool tells = s.first->frames[0].find("cost_usd") != std::string::npos;
    CHECK(tells == (who == audience::any));
  }
}

TEST_CASE("events become frames that carry the client's own id") {
  scene s{keeping()};
  s.event(event_type::token, "x");
  REQUIRE(s.first->frames.size() == 1);
  CHECK_THAT(s.first->frames[0],
             ContainsSubstring(R"("seq":1)") && ContainsSubstring(R"("id":"mine"})"));
  s.event(event_type::completed);
  CHECK(s.first->left == 1);
  CHECK(s.kept->ended == 1);
  CHECK(s.relay->ended());
}

TEST_CASE("a resumed turn is told from the event asked for, and goes on elsewhere") {
  scene s{keeping()};
  for (int i = 0; i < 3; ++i)
    s.event(event_type::token, "x");
  REQUIRE(s.relay->resume(s.second, 1, {}));
  CHECK(s.first->left == 1);
  s.event(event_type::completed);
  CHECK(s.first->frames.size() == 3);
  REQUIRE(s.second->frames.size() == 4);
  CHECK_THAT(s.second->frames[0], ContainsSubstring(R"("type":"resumed")"));
  CHECK_THAT(s.second->frames[1], ContainsSubstring(R"("seq":2)"));
  CHECK_THAT(s.second->frames[3], ContainsSubstring(R"("seq":4)"));
}

TEST_CASE("events that were let go of are said to be gone, and the last one never is") {
  scene s{keeping(150)};
  for (int i = 0; i < 4; ++i)
    s.event(event_type::token, std::string(100, 'x'));
  const auto gone = s.relay->resume(s.second, 2, {});
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == errc::not_found);
  CHECK(gone.error().detail("field") == "after_seq");
  CHECK(s.relay->resume(s.second, 5, {}).error().code == errc::invalid_request);
  CHECK(s.relay->resume(s.second, 3, {}));
  CHECK(s.second->frames.size() == 2);
}

TEST_CASE("a client's leaving cancels its turn") {
  scene s;
  s.relay->leave(*s.first, true); // it keeps nothing, so there is nothing to hold
  CHECK(s.running->reason == "the client disconnected");
}

TEST_CASE("a held or a detached turn goes on without its client") {
  scene held{keeping()};
  held.relay->leave(*held.first, true);
  CHECK(held.running->reason.empty());
  auto options = keeping();
  options.detach = true;
  scene detached{options};
  detached.relay->leave(*detached.first, false);
  CHECK(detached.running->reason.empty());
  detached.event(event_type::token, "x");
  CHECK(detached.first->frames.empty());
  CHECK(detached.relay->resume(detached.second, 0, {}));
  CHECK(detached.second->frames.size() == 2);
}

TEST_CASE("who no longer has the turn does not end it by leaving") {
  scene s{keeping()};
  s.event(event_type::token, "x");
  REQUIRE(s.relay->resume(s.second, 1, {}));
  s.relay->leave(*s.first, false);
  CHECK(s.running->reason.empty());
  s.relay->leave(*s.second, false);
  CHECK_FALSE(s.running->reason.empty());
}

TEST_CASE("a client that leaves while its turn is being submitted cancels it") {
  const auto kept = std::make_shared<keeper>();
  const auto first = std::make_shared<target>();
  const auto running = std::make_shared<control>();
  const auto relay = std::make_shared<turn_relay>(turn_relay::options{}, kept, first);
  relay->leave(*first, false);
  relay->started(turn{running});
  CHECK(running->reason == "the client disconnected");
}

TEST_CASE("a turn resumed while its events come loses none and doubles none") {
  scene s{keeping(1024 * 1024)};
  s.event(event_type::token, "x");
  std::thread events{[&] {
    for (int i = 0; i < 2000; ++i)
      s.event(event_type::token, "x");
    s.event(event_type::completed);
  }};
  while (!s.relay->resume(s.second, 1, {}))
    std::this_thread::yield();
  events.join();
  REQUIRE(s.second->frames.size() == 2002);
  for (std::size_t i = 1; i < s.second->frames.size(); ++i)
    REQUIRE_THAT(s.second->frames[i], ContainsSubstring("\"seq\":" + std::to_string(i + 1) + ","));
}

TEST_CASE("a sink that throws does not keep its relay from the turn's end") {
  struct throwing final : event_sink {
    void on_event(const turn_event&) override {
      ++calls;
      throw std::runtime_error{"the sink's own"};
    }
    int calls = 0;
  };
  const auto sink = std::make_shared<throwing>();
  const auto kept = std::make_shared<keeper>();
  turn_relay relay{keeping(), kept, nullptr, sink};
  turn_event event;
  event.turn = "turn_1";
  event.type = event_type::token;
  relay.on_event(event);
  event.type = event_type::completed;
  event.reply = std::make_shared<const turn_reply>();
  relay.on_event(event);
  CHECK(sink->calls == 1);
  CHECK(kept->ended == 1);
}
