#pragma once
/// Starts a runtime and gives its facade: what a host program embeds. No CAF in sight.

#include <chrono>
#include <memory>

#include "runtime/core/assembly.hpp"
#include "runtime/core/facade.hpp"

namespace flipsync {

/// A started runtime. Several may live in one process. Destroying it stops it at once.
class running_runtime : public facade {
public:
  /// Refuses new turns (errc::shutting_down), lets the running ones end for up to `grace`, then
  /// cancels the rest. Blocks until no turn is left. Safe to call twice.
  virtual void drain(std::chrono::milliseconds grace) = 0;
  /// Stops every actor in order (agents, model layer, store last, so that what was accepted is
  /// written) and joins the runtime's threads. Turns still running end as cancelled. Idempotent;
  /// also done by the destructor.
  virtual void stop() = 0;
};

/// Builds and starts the actors of `parts`. Ready when it returns. Errors: invalid_request (an
/// agent names a skill or provider that does not exist), store_failed (the catalogue cannot be
/// read).
result<std::shared_ptr<running_runtime>> start_runtime(assembly parts);

} // namespace flipsync
