#include "runtime/core/model/call_audience.hpp"

#include <algorithm>

namespace flipsync {

turn_event token_of(std::string_view text) {
  turn_event event;
  event.type = event_type::token;
  event.text = text;
  return event;
}

bool call_audience::join(std::uint64_t number, model_call_ptr call) {
  std::unique_lock lock{mutex_};
  if (closed_)
    return false;
  const auto& guard = call->turn->guard;
  deadline_ = std::max(deadline_, guard->deadline());
  if (call->stream_to_caller) {
    if (!said_.empty())
      pending_.emplace_back(guard, token_of(said_));
    for (const auto& piece : called_) {
      turn_event event;
      event.type = event_type::tool_call;
      event.call = piece;
      pending_.emplace_back(guard, std::move(event));
    }
  }
  listeners_.push_back({number, std::move(call)});
  drain(lock);
  return true;
}

void call_audience::leave(std::uint64_t number) {
  model_call_ptr gone; // let go of outside the lock
  {
    const std::lock_guard lock{mutex_};
    const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                    [number](const listener& one) { return one.number == number; });
    if (found == listeners_.end())
      return;
    gone = std::move(found->call);
    listeners_.erase(found);
    if (!listeners_.empty()) {
      deadline_ = {};
      for (const auto& one : listeners_)
        deadline_ = std::max(deadline_, one.call->turn->guard->deadline());
      return;
    }
    if (std::exchange(closed_, true))
      return;
  }
  scope_->cancel();
}

void call_audience::offer(const turn_event& event) {
  std::unique_lock lock{mutex_};
  if (event.type == event_type::token) {
    said_ += event.text;
  } else if (event.type == event_type::tool_call) {
    called_.push_back(event.call);
  } else {
    said_.clear();
    called_.clear();
  }
  tell_locked(event);
  drain(lock);
}

void call_audience::close(std::string_view text) {
  std::unique_lock lock{mutex_};
  closed_ = true;
  if (said_.empty() && called_.empty() && !text.empty())
    tell_locked(token_of(text));
  drain(lock);
}

mono_time call_audience::deadline() const {
  const std::lock_guard lock{mutex_};
  return deadline_;
}

bool call_audience::spoken() const {
  const std::lock_guard lock{mutex_};
  return !said_.empty() || !called_.empty();
}

void call_audience::tell_locked(const turn_event& event) {
  for (const auto& one : listeners_)
    if (one.call->stream_to_caller)
      pending_.emplace_back(one.call->turn->guard, event);
}

/// One thread at a time, outside the lock: what a listener does may bring it back here.
void call_audience::drain(std::unique_lock<std::mutex>& lock) {
  if (draining_)
    return;
  draining_ = true;
  std::vector<std::pair<guard_ptr, turn_event>> batch;
  while (!pending_.empty()) {
    batch.clear();
    batch.swap(pending_);
    lock.unlock();
    for (auto& [guard, event] : batch)
      guard->offer(std::move(event));
    lock.lock();
  }
  draining_ = false;
}

} // namespace flipsync
