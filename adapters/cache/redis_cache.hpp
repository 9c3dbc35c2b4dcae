#pragma once
/// A second cache in Redis.

#include <memory>

#include "adapters/cache/redis_address.hpp"
#include "runtime/core/ports/second_cache.hpp"

namespace flipsync {

struct redis_settings {
  redis_address address;
  std::uint32_t connections = 2; ///< 1 to 64; each with a thread
  /// Of one command, its time in the queue and connecting included.
  std::chrono::milliseconds timeout{1000};
  /// Commands that may wait; more are dropped.
  std::size_t max_waiting = 1024;
  /// After a fault no command is begun until a probe of our own has found it well again, after so
  /// long; doubled with each that fails, up to the second.
  std::chrono::milliseconds retry_after{500};
  std::chrono::milliseconds max_retry_after{10'000};
  /// Clearing goes through all names, and may take so long.
  std::chrono::milliseconds clear_timeout{10'000};
};

/// Connects when there is something to ask. Its destructor ends what is under way; no callback runs
/// after it.
std::unique_ptr<second_cache> make_redis_cache(redis_settings settings);

} // namespace flipsync
