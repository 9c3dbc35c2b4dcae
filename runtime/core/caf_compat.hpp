#pragma once
/// The CAF calls that differ between 0.18.7 and 1.x, in one place; everything else keeps to the
/// common subset. Included by actor sources only.

#include <caf/action.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/all.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace flipsync::caf_compat {

/// Fire and forget, from an actor.
template <class Self, class Dest, class... Ts>
void send(Self* self, const Dest& dest, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).send(dest);
#else
  self->send(dest, std::forward<Ts>(xs)...);
#endif
}

/// Fire and forget, from any thread.
template <class Dest, class... Ts>
void anon_send(const Dest& dest, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  caf::anon_mail(std::forward<Ts>(xs)...).send(dest);
#else
  caf::anon_send(dest, std::forward<Ts>(xs)...);
#endif
}

/// Asks another actor of this node. No timeout of its own, on purpose (DESIGN: one timer per turn):
/// the turn guard ends the turn at its deadline and tells every holder, and a receiver that dies
/// answers with an error. Only for peers on this node, where those two are certain.
template <class Self, class Dest, class... Ts>
auto ask(Self* self, const Dest& dest, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).request(dest, caf::infinite);
#else
  return self->request(dest, caf::infinite, std::forward<Ts>(xs)...);
#endif
}

/// What `monitor` began. It goes on when this is dropped; only its watching actor may stop it.
class monitoring {
public:
#if CAF_MAJOR_VERSION >= 1
  monitoring() = default;
  explicit monitoring(caf::disposable watched) : watched_{std::move(watched)} {}
  /// What was given to `monitor` is not called any more.
  void stop() { watched_.dispose(); }

private:
  caf::disposable watched_;
#else
  using flag = std::shared_ptr<std::atomic<bool>>;
  monitoring() = default;
  explicit monitoring(flag wanted) : wanted_{std::move(wanted)} {}
  /// What was given to `monitor` is not called any more.
  void stop() {
    if (wanted_)
      wanted_->store(false);
  }

private:
  flag wanted_;
#endif
};

/// Calls `down(const caf::error&)` in the context of `self` once `peer` has terminated.
template <class Self, class Handle, class F>
monitoring monitor(Self* self, const Handle& peer, F down) {
#if CAF_MAJOR_VERSION >= 1
  return monitoring{self->monitor(peer, std::move(down))};
#else
  struct watched {
    explicit watched(F call) : down{std::move(call)} {}
    std::atomic<bool> wanted{true};
    F down;
  };
  // The functor runs on the dying actor's thread: it only mails an action to its watcher.
  const caf::weak_actor_ptr weak{self->ctrl()};
  const auto call = std::make_shared<watched>(std::move(down));
  caf::actor_cast<caf::actor>(peer)->attach_functor([weak, call](const caf::error& reason) {
    if (!call->wanted.load())
      return;
    if (const auto watcher = caf::actor_cast<caf::strong_actor_ptr>(weak))
      caf::anon_send(caf::actor_cast<caf::actor>(watcher), caf::make_action([call, reason] {
                       if (call->wanted.load())
                         call->down(reason);
                     }));
  });
  return monitoring{monitoring::flag{call, &call->wanted}};
#endif
}

} // namespace flipsync::caf_compat
