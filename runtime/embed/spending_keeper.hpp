#pragma once
/// Sees to it that what model calls have cost is kept where no turn's commit takes it along.

#include <atomic>
#include <chrono>
#include <memory>

#include "runtime/core/services.hpp"

namespace flipsync {

/// Each commit of turns keeps what was spent so far (spending_book::follow): when a turn that is
/// stored has completed, what it had cost by then is durable. What no commit took soon after it was
/// spent, since its turn failed, say, or is not stored, is written by itself, through the store's
/// actor. At most one such write is set or under way.
class spending_keeper : public std::enable_shared_from_this<spending_keeper> {
public:
  spending_keeper(std::shared_ptr<const environment> env, std::shared_ptr<services_board> board);
  /// Counts what was kept of today, and keeps from now on. Before anybody else uses the store.
  /// Errors: store_failed.
  result<void> start();
  /// Keeps what is left, once all actors have ended.
  void finish();

private:
  class errand;
  /// Sets a write, unless one is.
  void keep_in(std::chrono::milliseconds pause);
  void ring_in(std::chrono::milliseconds pause);
  void ring();
  /// No write is set any more; what was spent meanwhile wants one.
  void rest();

  std::shared_ptr<const environment> env_;
  std::shared_ptr<services_board> board_;
  std::atomic<bool> set_ = false; ///< an alarm or an errand is on its way
};

} // namespace flipsync
