#pragma once
/// Bringing a model onto a model server as a port.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/core/ports/model_provider.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

/// How far it is. A model has several parts whose sizes are only known one after another, so
/// `total_bytes` grows.
struct fetch_progress {
  std::string step; ///< the server's words, e.g. "pulling manifest"
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0; ///< 0: not known yet
};

/// Thread-safe; `fetch` never blocks.
class model_fetcher {
public:
  virtual ~model_fetcher() = default;
  /// Both callbacks from any thread, never two at once; `done` once, and neither after `cancel` of
  /// the handle returned unless already under way. Errors: provider_unavailable (try again: what
  /// has come is kept by the server), provider_rejected (no such model), deadline_exceeded
  /// (silence), malformed_reply; details "provider" and "reason".
  virtual std::shared_ptr<flight_handle> fetch(const std::string& model,
                                               std::function<void(const fetch_progress&)> progress,
                                               std::function<void(result<void>)> done) = 0;
};

} // namespace flipsync
