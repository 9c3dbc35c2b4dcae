#pragma once
/// Time and alarms as a port, so that the whole runtime can run in virtual time.

#include <functional>
#include <memory>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Thread-safe. `now` is monotonic; `wall` is for people and storage.
class clock_port {
public:
  virtual ~clock_port() = default;
  [[nodiscard]] virtual mono_time now() const noexcept = 0;
  [[nodiscard]] virtual wall_time wall() const noexcept = 0;
  /// Runs `wake` once, not before `at`, on a thread of the clock's; it must not block. There is one
  /// user, the alarm queue (`runtime/core/alarm_queue.hpp`), so that few alarms reach the clock.
  virtual void arm(mono_time at, std::function<void()> wake) = 0;
};

} // namespace flipsync
