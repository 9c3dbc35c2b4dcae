#pragma once
/// The turns of a runtime that have not ended.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/core/turn/turn_guard.hpp"

namespace flipsync {

/// Thread-safe. A turn may end as soon as its guard has been made, on the clock's thread, and its
/// guard can be noted only after that: so its place is made first.
class live_turns {
public:
  /// Before the turn's guard is made. False once it is closed.
  [[nodiscard]] bool begin(std::uint64_t number);
  /// No effect where the turn has ended already.
  void note(std::uint64_t number, const std::shared_ptr<turn_guard>& guard);
  /// After the last that its sink was called.
  void ended(std::uint64_t number);
  /// Nothing begins any more.
  void close();
  /// For good: those that had begun and were not noted yet are failed when they are.
  void fail_all(const error& why);
  /// Waits until no turn is left, at most so long. Those whose sink is being called on this thread
  /// are not waited for.
  void wait_for_none(std::chrono::milliseconds grace);
  [[nodiscard]] std::size_t size() const;

private:
  [[nodiscard]] std::vector<std::shared_ptr<turn_guard>> noted() const;

  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::unordered_map<std::uint64_t, std::weak_ptr<turn_guard>> turns_;
  bool closed_ = false;
  std::optional<error> failed_; ///< why
};

} // namespace flipsync
