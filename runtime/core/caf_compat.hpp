#pragma once
/// The CAF calls that differ between 0.18.7 and 1.x, in one place; everything else keeps to the
/// common subset. Included by actor sources only.

#include <caf/action.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/all.hpp>

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

/// Calls `down(const caf::error&)` in the context of `self` once `peer` has terminated.
template <class Self, class Handle, class F>
void monitor(Self* self, const Handle& peer, F down) {
#if CAF_MAJOR_VERSION >= 1
  self->monitor(peer, std::move(down));
#else
  // The functor runs on the dying actor's thread: it only mails an action to its watcher.
  const caf::weak_actor_ptr weak{self->ctrl()};
  auto call = std::make_shared<F>(std::move(down));
  caf::actor_cast<caf::actor>(peer)->attach_functor([weak, call](const caf::error& reason) {
    if (const auto watcher = caf::actor_cast<caf::strong_actor_ptr>(weak))
      caf::anon_send(caf::actor_cast<caf::actor>(watcher),
                     caf::make_action([call, reason] { (*call)(reason); }));
  });
#endif
}

} // namespace flipsync::caf_compat
