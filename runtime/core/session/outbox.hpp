#pragma once
/// Frames on their way to one connection, from whatever thread makes them, within a bound.

#include <atomic>
#include <mutex>

#include "runtime/core/session/session.hpp"

namespace flipsync {

/// Thread-safe. Wakes the port once for a batch, however much is pushed before it takes it.
class outbox {
public:
  /// `limit`: bytes that may wait for a client that takes none; see `lags`. A frame that finds
  /// sixteen times as much waiting cuts the connection off in any case.
  outbox(std::shared_ptr<session_port> port, std::size_t limit)
    : port_{std::move(port)},
      limit_{limit},
      most_{16 * limit} {}

  /// Dropped where the connection is closing or gone.
  void push(std::string frame);
  void ping();
  /// Closes the connection after the frames pushed so far; the first close counts.
  void close(close_code code, std::string reason);
  /// Closes the connection at once.
  void cut();
  /// Wakes the port if it does not know already that it has something to look at.
  void nudge();
  session_output take();
  /// The connection is gone: nothing is kept or told any more.
  void shut();
  /// More waits than may for a client that takes nothing. The port is woken when it begins.
  [[nodiscard]] bool lags() const noexcept { return lags_.load(); }
  /// True once the connection is to be closed at once: by `cut`, or since its reader lagged too
  /// far.
  [[nodiscard]] bool cut_off() const noexcept { return cut_.load(); }

private:
  template <class F>
  void change(F change);
  /// The port, if it has to be woken.
  std::shared_ptr<session_port> tell_locked();
  std::shared_ptr<session_port> cut_locked();

  std::mutex mutex_;
  std::shared_ptr<session_port> port_; ///< null once shut
  const std::size_t limit_;
  const std::size_t most_;
  session_output waiting_;
  std::size_t bytes_ = 0;
  bool told_ = false;
  bool closing_ = false; ///< a close or a cut was asked for
  std::atomic<bool> lags_ = false;
  std::atomic<bool> cut_ = false;
};

} // namespace flipsync
