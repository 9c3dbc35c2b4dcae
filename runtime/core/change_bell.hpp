#pragma once
/// Tells one listener that something has changed, for the price of a load while there is none.

#include <atomic>
#include <functional>
#include <mutex>

namespace flipsync {

/// Thread-safe.
class change_bell {
public:
  void ring() {
    if (!heard_.load(std::memory_order_relaxed))
      return;
    std::function<void()> told;
    {
      const std::lock_guard lock{mutex_};
      told = listener_;
    }
    if (told)
      told();
  }
  /// Replaces the listener; null ends listening. It runs on the ringing thread and must not block;
  /// one call may still be under way when this returns.
  void listen(std::function<void()> listener) {
    const std::lock_guard lock{mutex_};
    listener_ = std::move(listener);
    heard_.store(listener_ != nullptr, std::memory_order_relaxed);
  }

private:
  std::atomic<bool> heard_ = false;
  std::mutex mutex_;
  std::function<void()> listener_;
};

} // namespace flipsync
