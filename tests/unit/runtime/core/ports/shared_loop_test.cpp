#include "runtime/core/ports/shared_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace flipsync;

namespace {

class idle_guest final : public loop_guest {
public:
  void move_in(std::function<void()>) override {}
  [[nodiscard]] int descriptor() const noexcept override { return -1; }
  void ready() override {}
  void tend() override {}
  [[nodiscard]] std::optional<steady::time_point> due() const override { return {}; }
  [[nodiscard]] bool ended() const noexcept override { return false; }
  void move_out() override {}
};

} // namespace

TEST_CASE("A guest finds a host only while one is open") {
  shared_loop meeting;
  std::vector<std::shared_ptr<loop_guest>> taken;
  const auto guest = std::make_shared<idle_guest>();
  CHECK_FALSE(meeting.join(guest));
  meeting.open([&](std::shared_ptr<loop_guest> each) { taken.push_back(std::move(each)); });
  CHECK(meeting.join(guest));
  meeting.close();
  CHECK_FALSE(meeting.join(guest));
  REQUIRE(taken.size() == 1);
  CHECK(taken.front() == guest);
}

TEST_CASE("The first host stays until it closes, and another may follow it") {
  shared_loop meeting;
  int first = 0;
  int second = 0;
  meeting.open([&](const auto&) { ++first; });
  meeting.open([&](const auto&) { ++second; });
  CHECK(meeting.join(std::make_shared<idle_guest>()));
  CHECK(first == 1);
  CHECK(second == 0);
  meeting.close();
  meeting.open([&](const auto&) { ++second; });
  CHECK(meeting.join(std::make_shared<idle_guest>()));
  CHECK(first == 1);
  CHECK(second == 1);
}
