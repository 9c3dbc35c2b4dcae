#pragma once
/// Starts a runtime and gives its facade: what a host program embeds. No CAF in sight.

#include <chrono>
#include <functional>
#include <memory>

#include "runtime/core/assembly.hpp"
#include "runtime/core/facade.hpp"

namespace flipsync {

/// A started runtime. Several may live in one process. Destroying it stops it at once.
class running_runtime : public facade {
public:
  /// Takes up what a new configuration comes to: agents, router, rules, providers, routing, prices,
  /// limits of cost, and `core_settings` as far as docs/configuration.md calls its options live.
  /// Turns that begin after `done` have it; those that run end with what they began with. Store,
  /// importer and seed of `parts` mean nothing here. A provider of the same name and limits keeps
  /// what is known of its health, but for a refused key. `done` is called once, within 10 s, on any
  /// thread. From one thread at a time. Errors: invalid_request (as start_runtime; nothing is
  /// changed), shutting_down.
  virtual void reload(assembly parts, std::function<void(result<void>)> done) = 0;
  /// Refuses new turns (errc::shutting_down), lets the running ones end for up to `grace`, then
  /// cancels the rest. Blocks until no turn is left and every sink has returned from its last call,
  /// which is waited for at most 5 s. Safe to call twice.
  virtual void drain(std::chrono::milliseconds grace) = 0;
  /// Stops every actor in order (agents, model layer, store last, so that what was accepted is
  /// written) and joins the runtime's threads. Turns still running end as cancelled; their sinks
  /// are waited for as by `drain`. Idempotent; also done by the destructor. Not from within a call
  /// that the runtime makes: its own thread would wait for itself.
  virtual void stop() = 0;
};

/// Builds and starts the actors of `parts`. Ready when it returns. Errors: invalid_request (an
/// agent names a skill or provider that does not exist), store_failed (the catalogue cannot be
/// read).
result<std::shared_ptr<running_runtime>> start_runtime(assembly parts);

} // namespace flipsync
