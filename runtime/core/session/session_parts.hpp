#pragma once
/// The ports of a session: what it needs of the runtime, and who runs what it is told.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/facade.hpp"

namespace flipsync {

/// The runtime as sessions see it. Thread-safe; outlives them.
class session_backend {
public:
  virtual ~session_backend() = default;
  /// As facade::submit; the sink is the session's own.
  virtual turn submit(turn_request request, std::shared_ptr<event_sink> sink) = 0;
  /// As facade::agents.
  virtual void agents(std::function<void(result<std::vector<agent_status>>)> done) = 0;
  virtual std::string new_conversation() = 0;
  [[nodiscard]] virtual wall_time wall() const = 0;
};

/// Runs a session's machine: each call comes to it later, in order, one at a time. Thread-safe.
class session_runner {
public:
  virtual ~session_runner() = default;
  virtual void frame(std::string text) = 0;
  virtual void agents_changed() = 0;
  /// Nothing comes after it.
  virtual void stop() = 0;
};

} // namespace flipsync
