#pragma once
/// Answers under /v1 that the door gives again by itself, on its own thread: no turn is begun and
/// no actor woken.

#include <memory>
#include <string>

#include "adapters/bridge/http_session.hpp"
#include "runtime/core/cache/turn_cache.hpp"

namespace flipsync {

/// Where a request's answer is kept, once it is there. Thread-safe.
class completion_keeper {
public:
  completion_keeper(turn_cache& turns, const digest256& key) : turns_{turns}, key_{key} {}

  /// From the request, once it has been read.
  void set(std::string model, bool streamed, bool usage, wire::costs how);
  /// Keeps the answer for as long as it is good, if it is.
  void keep(const turn_reply& reply) const;
  [[nodiscard]] const digest256& key() const noexcept { return key_; }

private:
  turn_cache& turns_;
  digest256 key_;
  std::string model_;
  bool streamed_ = false;
  bool usage_ = false;
  wire::costs costs_ = wire::costs::told;
};

/// Null where the request is to be answered anew, and its answer not to be kept.
std::shared_ptr<completion_keeper> keeper_of(http_session& session, cache_use wish);

/// True where the request was answered: from what is kept, or because its sender has to wait.
bool answer_kept(http_session& session, const completion_keeper& place);

} // namespace flipsync
