#pragma once
/// Every timed thing of the runtime in one queue: turn deadlines, part slices, back-offs. Only the
/// earliest alarm reaches the clock, since a clock with many live timers is slow (a request with a
/// timeout of its own costs 35 µs at 30,000 of them), and most alarms are taken back before they
/// ring.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "runtime/core/ports/clock.hpp"

namespace flipsync {

/// Thread-safe.
class alarm_queue : public std::enable_shared_from_this<alarm_queue> {
public:
  using callback = std::function<void()>;
  /// Names an alarm; a default one names none.
  struct ticket {
    std::uint64_t id = 0;
    std::size_t place = 0;
  };

  explicit alarm_queue(std::shared_ptr<clock_port> clock) : clock_{std::move(clock)} {}

  /// Runs `ring` once, not before `at`, on a thread of the clock's; it must not block. The order of
  /// alarms with the same time is that of their setting.
  ticket set(mono_time at, callback ring);
  /// Takes an alarm back. An alarm already ringing on another thread may still run.
  void take_back(const ticket& alarm);
  /// Alarms set and neither rung nor taken back.
  [[nodiscard]] std::size_t size() const;
  /// Forgets everything; nothing rings any more.
  void close();

private:
  /// A live alarm, or a free place.
  struct place {
    std::uint64_t id = 0; ///< 0: free
    callback ring;
  };
  /// When an alarm is due. It outlives one that is taken back, until it comes up or too many have.
  struct due {
    mono_time at{};
    std::uint64_t id = 0;
    std::size_t place = 0;
  };
  struct later {
    bool operator()(const due& a, const due& b) const noexcept {
      return a.at != b.at ? a.at > b.at : a.id > b.id;
    }
  };

  [[nodiscard]] bool live_locked(const due& alarm) const {
    return places_[alarm.place].id == alarm.id;
  }
  callback free_locked(std::size_t place);
  void drop_dead_locked();
  void arm_for_earliest_locked();
  void ring_due(mono_time wake);

  std::shared_ptr<clock_port> clock_;
  mutable std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::vector<place> places_;
  std::vector<std::size_t> free_; ///< of `places_`; the last one is the next to be taken
  /// A heap, the earliest first. Nearly all alarms are set for later than those before them, so
  /// that they are put at its end and stay there.
  std::vector<due> due_;
  /// Wakes that the clock still owes us. Invariant: the first is not later than the first live
  /// alarm. A wake that finds nothing due is cheap, so none is ever taken back.
  std::set<mono_time> wakes_;
  bool closed_ = false;
};

} // namespace flipsync
