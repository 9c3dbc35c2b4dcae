#pragma once
/// A clock that a test moves by hand.

#include "runtime/core/ports/clock.hpp"

namespace flipsync::test {

class hand_clock : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return time; }
  [[nodiscard]] wall_time wall() const noexcept override {
    return wall_time{
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch())};
  }
  void arm(mono_time, std::function<void()>) override {}
  mono_time time{std::chrono::hours{1}};
};

} // namespace flipsync::test
