#pragma once
/// How other threads hand things to one I/O thread.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace flipsync {

/// Things on their way to one I/O thread. Wakes it once for a batch, however many are pushed before
/// it looks. Thread-safe; outlives its I/O thread in the hands of late callers.
template <class T>
class handover {
public:
  /// `wake` runs on the pushing thread and makes the I/O thread call `drain` soon; it must not
  /// block.
  explicit handover(std::function<void()> wake) : wake_{std::move(wake)} {}

  void push(std::shared_ptr<T> item) {
    // Waking under the lock keeps close() from returning while the I/O thread is being woken.
    const std::lock_guard lock{mutex_};
    if (!open_)
      return;
    items_.push_back(std::move(item));
    if (items_.size() == 1)
      wake_();
  }

  /// Swaps what has come into `into`, which must be empty. I/O thread.
  void drain(std::vector<std::shared_ptr<T>>& into) {
    const std::lock_guard lock{mutex_};
    items_.swap(into);
  }

  /// Drops everything from now on; `wake` is not called any more once this returns.
  void close() {
    std::vector<std::shared_ptr<T>> dropped;
    const std::lock_guard lock{mutex_};
    open_ = false;
    items_.swap(dropped);
  }

private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<T>> items_;
  std::function<void()> wake_;
  bool open_ = true;
};

} // namespace flipsync
