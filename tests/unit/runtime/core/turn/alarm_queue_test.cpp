#include "runtime/core/turn/alarm_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
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

TEST_CASE("of alarms set and taken back in any order, those that are left ring, each in its time") {
  rig r;
  // What a queue of a few lines would do.
  std::map<std::pair<mono_time, int>, int> expected;
  std::vector<int> wanted;
  std::vector<int> rung;
  std::vector<std::pair<std::pair<mono_time, int>, alarm_queue::ticket>> set;
  std::minstd_rand random{7};
  for (int number = 0; number < 20'000; ++number) {
    // Nearly always later than those before, as deadlines are; at times sooner, as pauses are.
    const auto in = std::chrono::milliseconds{random() % 10 == 0 ? 1 + random() % 50 : 1000};
    const std::pair key{r.clock->now() + in, number};
    set.emplace_back(key, r.alarms->set(key.first, [&, number] { rung.push_back(number); }));
    expected.emplace(key, number);
    if (random() % 8 != 0) {
      const auto& [which, ticket] =
        set[set.size() - 1 - random() % std::min<std::size_t>(set.size(), 100)];
      r.alarms->take_back(ticket);
      expected.erase(which);
    }
    if (random() % 4 == 0)
      r.clock->advance(std::chrono::milliseconds{random() % 3});
    while (!expected.empty() && expected.begin()->first.first <= r.clock->now()) {
      wanted.push_back(expected.begin()->second);
      expected.erase(expected.begin());
    }
    REQUIRE(rung == wanted);
    REQUIRE(r.alarms->size() == expected.size());
  }
  CHECK(rung.size() > 1000);
}

TEST_CASE("a ticket of an alarm that is gone does not take back the one that has its place now") {
  rig r;
  const auto gone = r.set(10ms, 'x');
  r.alarms->take_back(gone);
  r.set(10ms, 'y');
  r.alarms->take_back(gone);
  r.clock->advance(10ms);
  CHECK(r.rung == "y");
}

TEST_CASE("a closed queue rings nothing and takes nothing") {
  rig r;
  r.set(10ms, 'x');
  r.alarms->close();
  CHECK(r.set(10ms, 'y').id == 0);
  r.clock->advance(100ms);
  CHECK(r.rung.empty());
}
