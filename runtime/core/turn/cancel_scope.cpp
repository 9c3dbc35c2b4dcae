#include "runtime/core/turn/cancel_scope.hpp"

#include <algorithm>

namespace flipsync {

std::shared_ptr<cancel_scope> cancel_scope::within(std::shared_ptr<turn_guard> guard) {
  auto scope = std::make_shared<cancel_scope>();
  scope->guard_ = std::move(guard);
  scope->at_guard_ = scope->guard_->listen([weak = std::weak_ptr{scope}](errc) {
    if (const auto self = weak.lock())
      self->cancel();
  });
  return scope;
}

std::shared_ptr<cancel_scope> cancel_scope::under(std::shared_ptr<cancel_scope> parent) {
  auto scope = std::make_shared<cancel_scope>();
  scope->parent_ = std::move(parent);
  scope->at_parent_ = scope->parent_->listen([weak = std::weak_ptr{scope}] {
    if (const auto self = weak.lock())
      self->cancel();
  });
  return scope;
}

cancel_scope::~cancel_scope() {
  if (guard_)
    guard_->unlisten(at_guard_);
  if (parent_)
    parent_->unlisten(at_parent_);
}

void cancel_scope::cancel() {
  std::vector<std::pair<std::uint64_t, listener>> told;
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    told.swap(listeners_);
  }
  for (const auto& [id, call] : told)
    call();
}

bool cancel_scope::ended() const {
  const std::lock_guard lock{mutex_};
  return ended_;
}

std::uint64_t cancel_scope::listen(listener told) {
  {
    const std::lock_guard lock{mutex_};
    if (!ended_) {
      listeners_.emplace_back(++last_, std::move(told));
      return last_;
    }
  }
  told();
  return 0;
}

void cancel_scope::unlisten(std::uint64_t id) {
  listener dropped; // destroyed after the lock is released
  const std::lock_guard lock{mutex_};
  const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                  [id](const auto& entry) { return entry.first == id; });
  if (found != listeners_.end()) {
    dropped = std::move(found->second);
    listeners_.erase(found);
  }
}

} // namespace flipsync
