#include "runtime/core/session/outbox.hpp"

#include <utility>

namespace flipsync {

/// Runs `change` under the lock; wakes the port that it returns, if any, without the lock.
template <class F>
void outbox::change(F change) {
  std::shared_ptr<session_port> woken;
  {
    const std::lock_guard lock{mutex_};
    if (port_)
      woken = change();
  }
  if (woken)
    woken->wake();
}

std::shared_ptr<session_port> outbox::tell_locked() {
  return std::exchange(told_, true) ? nullptr : port_;
}

/// What waits is never sent; its memory goes now, and not when the connection has closed.
std::shared_ptr<session_port> outbox::cut_locked() {
  if (cut_.exchange(true))
    return nullptr;
  closing_ = true;
  waiting_ = {};
  bytes_ = 0;
  return port_;
}

void outbox::push(std::string frame) {
  change([&]() -> std::shared_ptr<session_port> {
    if (closing_)
      return nullptr;
    if (bytes_ > most_)
      return cut_locked();
    bytes_ += frame.size();
    waiting_.frames.push_back(std::move(frame));
    // Whether the client or we are behind only the connection can see.
    if (bytes_ > limit_ && !lags_.exchange(true)) {
      told_ = true;
      return port_;
    }
    return tell_locked();
  });
}

void outbox::ping() {
  change([&]() -> std::shared_ptr<session_port> {
    if (closing_)
      return nullptr;
    waiting_.ping = true;
    return tell_locked();
  });
}

void outbox::close(close_code code, std::string reason) {
  change([&]() -> std::shared_ptr<session_port> {
    if (std::exchange(closing_, true))
      return nullptr;
    waiting_.close = code;
    waiting_.reason = std::move(reason);
    return tell_locked();
  });
}

void outbox::cut() {
  change([&] { return cut_locked(); });
}

void outbox::nudge() {
  change([&] { return tell_locked(); });
}

session_output outbox::take() {
  const std::lock_guard lock{mutex_};
  told_ = false;
  lags_ = false;
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

void outbox::shut() {
  session_output dropped;
  const std::lock_guard lock{mutex_};
  port_.reset();
  closing_ = true;
  std::swap(dropped, waiting_);
  bytes_ = 0;
}

} // namespace flipsync
