#pragma once
/// Writes what model calls have cost behind, through the store's actor.

#include <memory>

#include "runtime/core/services.hpp"

namespace flipsync {

/// At most one write waits at a time, and takes with it all that was settled until it runs. It is
/// asked for by whoever settles, before the turn goes on, and the store's actor works in order:
/// when a turn that is stored has completed, what it had cost by then is durable.
class spending_keeper : public std::enable_shared_from_this<spending_keeper> {
public:
  spending_keeper(std::shared_ptr<const environment> env, std::shared_ptr<services_board> board);
  /// Counts what was kept of today, and keeps from now on. Before anybody else uses the store.
  /// Errors: store_failed.
  result<void> start();

private:
  class errand;
  void keep();
  void keep_later();

  std::shared_ptr<const environment> env_;
  std::shared_ptr<services_board> board_;
};

} // namespace flipsync
