#pragma once
/// Cancellation of one part of a turn: ends with the turn, or before it when the part's slice of
/// the deadline is over. Whoever spends for the part listens here.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/core/turn/turn_guard.hpp"

namespace flipsync {

/// Thread-safe. Listeners run once, on the thread that cancels, never behind queued work; they must
/// not block.
class cancel_scope : public std::enable_shared_from_this<cancel_scope> {
public:
  using listener = std::function<void()>;

  static std::shared_ptr<cancel_scope> within(std::shared_ptr<turn_guard> guard);
  /// Ends with `parent`, or before it.
  static std::shared_ptr<cancel_scope> under(std::shared_ptr<cancel_scope> parent);
  ~cancel_scope();

  void cancel();
  [[nodiscard]] bool ended() const;
  /// Calls at once if the scope has ended. Returns a number for `unlisten`.
  std::uint64_t listen(listener told);
  void unlisten(std::uint64_t id);

private:
  std::shared_ptr<turn_guard> guard_;
  std::uint64_t at_guard_ = 0;
  std::shared_ptr<cancel_scope> parent_;
  std::uint64_t at_parent_ = 0;
  mutable std::mutex mutex_;
  bool ended_ = false;
  std::uint64_t last_ = 0;
  std::vector<std::pair<std::uint64_t, listener>> listeners_;
};

} // namespace flipsync
