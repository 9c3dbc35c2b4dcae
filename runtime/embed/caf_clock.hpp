#pragma once
/// The clock port over CAF's actor clock, so that virtual time governs everything.

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <optional>

#include "runtime/core/ports/clock.hpp"

namespace flipsync {

/// Thread-safe.
class caf_clock : public clock_port {
public:
  /// With `virtual_start`, wall time is that moment plus the monotonic time gone since, so that a
  /// run in virtual time is reproducible; without, it is the system's.
  caf_clock(caf::actor_system& system, std::optional<wall_time> virtual_start)
    : system_{system},
      wall_start_{virtual_start},
      mono_start_{system.clock().now()} {}

  [[nodiscard]] mono_time now() const noexcept override { return system_.clock().now(); }
  [[nodiscard]] wall_time wall() const noexcept override {
    using std::chrono::milliseconds;
    if (!wall_start_)
      return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    return *wall_start_ + std::chrono::duration_cast<milliseconds>(now() - mono_start_);
  }
  void arm(mono_time at, std::function<void()> wake) override;

private:
  caf::actor_system& system_;
  std::optional<wall_time> wall_start_;
  mono_time mono_start_;
};

} // namespace flipsync
