#pragma once
/// What other threads hand to the client's loop.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace flipsync::http {

class exchange;

/// Thread-safe. The loop is woken once per batch, not once per entry: a burst of starts costs one
/// wake.
class mailbox {
public:
  struct batch {
    std::vector<std::shared_ptr<exchange>> starts;
    std::vector<std::shared_ptr<exchange>> cancels;
    bool closed = false;
  };

  /// `wake` makes the loop call `take` soon; it is called under the mailbox's lock and never after
  /// the loop has called `retire`.
  explicit mailbox(std::function<void()> wake) : wake_{std::move(wake)} {}

  /// False where the loop is gone.
  bool put_start(std::shared_ptr<exchange> what) {
    return put([&] { pending_.starts.push_back(std::move(what)); });
  }

  void put_cancel(std::shared_ptr<exchange> what) {
    put([&] { pending_.cancels.push_back(std::move(what)); });
  }

  /// Asks the loop to end everything.
  void close() {
    put([&] { pending_.closed = true; });
  }

  /// Swaps what has come in with `emptied`, whose vectors are reused for what comes next.
  void take(batch& emptied) {
    const std::lock_guard lock{mutex_};
    std::swap(pending_, emptied);
    pending_.closed = false;
    woken_ = false;
  }

  /// Called by the loop at its end: nothing is accepted from here on. Returns what was left.
  batch retire() {
    const std::lock_guard lock{mutex_};
    retired_ = true;
    return std::exchange(pending_, {});
  }

private:
  template <class F>
  bool put(F&& into_pending) {
    bool first = false;
    {
      const std::lock_guard lock{mutex_};
      if (retired_)
        return false;
      into_pending();
      first = !std::exchange(woken_, true);
    }
    // Not under the lock, which the loop takes as soon as it is awake.
    if (first)
      wake_();
    return true;
  }

  std::mutex mutex_;
  std::function<void()> wake_;
  batch pending_;
  bool woken_ = false;
  bool retired_ = false;
};

} // namespace flipsync::http
