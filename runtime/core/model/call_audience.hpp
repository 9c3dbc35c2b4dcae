#pragma once
/// Everybody who waits for one model call, where equal calls share it.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

turn_event token_of(std::string_view text);

/// Thread-safe: tokens come from the provider's thread, listeners from the gateway's, and they
/// leave on whichever thread ends them.
///
/// - Who joins late gets what has been said so far at once, and then what follows, in order.
/// - A listener's end is its own. The call ends when the last one has left, on the thread on which
///   it leaves, and nobody can join it any more.
/// - The call may take as long as the listener with the most time has.
class call_audience {
public:
  call_audience() : scope_{std::make_shared<cancel_scope>()} {}

  /// False where the last listener has left. `number` is the listener's, from 1.
  bool join(std::uint64_t number, model_call_ptr call);
  void leave(std::uint64_t number);
  /// A token, a piece of a tool call, or `restarted`, which voids all before it.
  void offer(const turn_event& event);
  /// The call has ended: nobody joins any more. `text` is the whole answer, told to those who
  /// listen for tokens and have heard none, because none were streamed.
  void close(std::string_view text);

  /// Ends the call; ended when nobody listens.
  [[nodiscard]] const std::shared_ptr<cancel_scope>& scope() const noexcept { return scope_; }
  /// Of the listener with the most time; as last known where all have left.
  [[nodiscard]] mono_time deadline() const;
  /// True if anything was said since the last `restarted`.
  [[nodiscard]] bool spoken() const;

private:
  struct listener {
    std::uint64_t number = 0;
    model_call_ptr call;
  };
  using guard_ptr = std::shared_ptr<turn_guard>;

  void tell_locked(const turn_event& event);
  void drain(std::unique_lock<std::mutex>& lock);

  std::shared_ptr<cancel_scope> scope_;
  mutable std::mutex mutex_;
  std::vector<listener> listeners_;
  std::string said_;
  std::vector<std::shared_ptr<const tool_call_delta>> called_;
  mono_time deadline_{};
  bool closed_ = false;
  bool draining_ = false;
  std::vector<std::pair<guard_ptr, turn_event>> pending_;
};

} // namespace flipsync
