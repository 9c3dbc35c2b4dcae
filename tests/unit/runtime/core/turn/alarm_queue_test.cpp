#include "runtime/core/turn/alarm_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

/// A clock that moves when told, and counts what is armed.
class hand_clock : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return now_; }
  [[nodiscard]] wall_time wall() const noexcept override { return {}; }
  void arm(mono_time at, std::function<void()> wake) override {
    ++armed;
    wakes_.emplace(at, std::move(wake));
  }
  void advance(std::chrono::milliseconds by) {
    const auto until = now_ + by;
    while (!wakes_.empty() && wakes_.begin()->first <= until) {
      now_ = wakes_.begin()->first;
      const auto wake = std::move(wakes_.begin()->second);
      wakes_.erase(wakes_.begin());
      wake();
    }
    now_ = until;
  }
  [[nodiscard]] std::size_t waiting() const { return wakes_.size(); }
  int armed = 0;

private:
  mono_time now_{};
  std::multimap<mono_time, std::function<void()>> wakes_;
};

struct rig {
  std::shared_ptr<hand_clock> clock = std::make_shared<hand_clock>();
  std::shared_ptr<alarm_queue> alarms = std::make_shared<alarm_queue>(clock);
  std::string rung;
  alarm_queue::ticket set(std::chrono::milliseconds in, char name) {
    return alarms->set(clock->now() + in, [this, name] { rung += name; });
  }
};

} // namespace

TEST_CASE("alarms ring in the order of their times, equal ones in the order of setting") {
  rig r;
  r.set(30ms, 'c');
  r.set(10ms, 'a');
  r.set(20ms, 'b');
  r.set(30ms, 'd');
  r.clock->advance(9ms);
  CHECK(r.rung.empty());
  r.clock->advance(100ms);
  CHECK(r.rung == "abcd");
  CHECK(r.alarms->size() == 0);
}

TEST_CASE("an alarm that was taken back does not ring, and a second time nothing happens") {
  rig r;
  const auto alarm = r.set(10ms, 'x');
  r.set(20ms, 'y');
  r.alarms->take_back(alarm);
  r.alarms->take_back(alarm);
  r.alarms->take_back({});
  r.clock->advance(100ms);
  CHECK(r.rung == "y");
}

TEST_CASE("many later alarms reach the clock once") {
  rig r;
  for (int i = 0; i < 10'000; ++i)
    r.set(1000ms + std::chrono::milliseconds{i}, '.');
  CHECK(r.clock->armed == 1);
}

TEST_CASE("short alarms between long ones leave no pile of wakes behind") {
  rig r;
  r.set(60'000ms, 'z');
  for (int i = 0; i < 1000; ++i) {
    const auto alarm = r.set(5ms, '.');
    if (i % 2 == 0)
      r.alarms->take_back(alarm);
    r.clock->advance(10ms);
  }
  CHECK(r.clock->waiting() <= 2);
  r.clock->advance(60'000ms);
  CHECK(r.rung.size() == 501);
}

TEST_CASE("an alarm may set and take back others while it rings") {
  rig r;
  const auto doomed = r.set(20ms, 'x');
  r.alarms->set(r.clock->now() + 10ms, [&] {
    r.alarms->take_back(doomed);
    r.set(5ms, 'n');
  });
  r.clock->advance(100ms);
  CHECK(r.rung == "n");
}

TEST_CASE("a closed queue rings nothing and takes nothing") {
  rig r;
  r.set(10ms, 'x');
  r.alarms->close();
  CHECK(r.set(10ms, 'y').id == 0);
  r.clock->advance(100ms);
  CHECK(r.rung.empty());
}
