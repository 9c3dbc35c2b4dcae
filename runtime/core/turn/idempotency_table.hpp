#pragma once
/// Requests that name themselves (API.md: Idempotency-Key): the same name and content gets the same
/// reply, whether its turn still runs or has ended.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/turn/shared_turn.hpp"

namespace flipsync {

struct idempotency_limits {
  /// A reply is kept for so long after it was complete, unless there is no room for it.
  std::chrono::milliseconds lifetime{std::chrono::hours{24}};
  /// Names at once, running ones included; the oldest reply makes room.
  std::size_t max_entries = 10'000;
  /// About the memory of all kept replies; likewise.
  std::size_t max_bytes = 64 * 1024 * 1024;
};

/// Thread-safe. Only a turn that was completed is kept: one that failed has left nothing behind, so
/// that the same request may be tried again at once.
class idempotency_table {
public:
  using clock = std::function<mono_time()>;

  idempotency_table(idempotency_limits limits, clock now);
  ~idempotency_table();
  idempotency_table(const idempotency_table&) = delete;
  idempotency_table& operator=(const idempotency_table&) = delete;

  struct entry {
    std::shared_ptr<shared_turn> turn;
    /// True for the first: it submits `turn` as the sink, or refuses it.
    bool fresh = false;
  };

  /// `scope` is whose name it is, of any bytes; `content` tells requests apart. The caller then
  /// joins. Errors: conflict (the same name, another content), overloaded (all names run).
  result<entry> begin(std::string_view scope, std::string_view name, std::string_view content);

  [[nodiscard]] std::size_t entries() const;
  [[nodiscard]] std::size_t bytes() const;

private:
  class state;
  std::shared_ptr<state> state_;
};

} // namespace flipsync
