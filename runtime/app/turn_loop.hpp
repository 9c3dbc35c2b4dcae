#pragma once
/// Runs one turn from the main thread: events go to a view, signals and a closed output cancel it.

#include <memory>

#include "runtime/app/output.hpp"
#include "runtime/app/signals.hpp"
#include "runtime/core/facade.hpp"

namespace flipsync::app {

/// Shows a turn.
class turn_view {
public:
  virtual ~turn_view() = default;
  virtual void on_event(const turn_event& event) = 0;
};

struct turn_outcome {
  std::shared_ptr<const turn_reply> reply;
  bool interrupted = false; ///< a signal cancelled it
  bool leave = false;       ///< and a second one came, or SIGTERM
};

/// Blocks until the turn's terminal event has been shown.
turn_outcome run_turn(facade& runtime, turn_request request, turn_view& view, signal_watch& signals,
                      output& out);

} // namespace flipsync::app
