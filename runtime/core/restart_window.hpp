#pragma once
/// Restart intensity: how often a child may be restarted before the supervisor gives it up. Pure.

#include <chrono>
#include <cstdint>
#include <deque>

#include "runtime/core/types/units.hpp"

namespace flipsync {

class restart_window {
public:
  restart_window(std::uint32_t max, std::chrono::milliseconds window)
    : max_{max},
      window_{window} {}

  /// Notes a crash at `now`; true if a restart is within the intensity, false if the child is to be
  /// given up (DESIGN: 3 in 30 s by default; the fourth crash within the window is one too many).
  bool allow(mono_time now) {
    while (!crashes_.empty() && now - crashes_.front() > window_)
      crashes_.pop_front();
    crashes_.push_back(now);
    return crashes_.size() <= max_;
  }

private:
  std::uint32_t max_;
  std::chrono::milliseconds window_;
  std::deque<mono_time> crashes_;
};

} // namespace flipsync
