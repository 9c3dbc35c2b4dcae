#pragma once
/// The runtime's figures for people and dashboards, as values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Tokens since the start; a turn's own counts are 32 bits wide.
struct token_usage_sum {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

/// Of the last 256 of something; all 0 where there was none.
struct percentiles {
  std::chrono::microseconds p50{0};
  std::chrono::microseconds p95{0};
  std::chrono::microseconds p99{0};
};

/// One of several keys of a provider.
struct key_view {
  std::uint32_t number = 0;              ///< its place in the configured list, from 1
  std::string state;                     ///< "in_use", "resting", "left_alone" or "refused"
  std::chrono::milliseconds resting{0};  ///< until it may be used again, where it rests
  std::uint64_t attempts = 0;            ///< made with it
  std::vector<std::string> models_out{}; ///< models that are left alone with this key
};

struct provider_view {
  std::string name;
  std::string default_model;
  bool up = false; ///< its actor runs
  bool primary = false;
  errc last_outcome = errc::none; ///< of the last attempt
  std::uint64_t attempts = 0;
  std::uint64_t failures = 0;
  std::string breaker;                 ///< "closed", "half_open" or "open"
  std::vector<std::string> models_out; ///< models of it whose own breaker is not closed
  bool key_refused = false;            ///< its key, or one of several, is not used
  std::vector<key_view> keys;          ///< empty where there is only one
  percentiles latency;                 ///< of answered attempts
  std::uint32_t in_flight = 0;
  std::uint32_t waiting = 0;
  std::uint32_t max_concurrent = 0;
  std::uint32_t max_waiting = 0;
  token_usage_sum tokens;
  usd cost;
  std::optional<error> checked; ///< set where its own check was asked for; errc::none: it is there
  std::optional<std::vector<std::string>> models; ///< set where they were asked for and came
};

/// A cache, by the class of what it keeps.
struct cache_view {
  std::string name;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t max_bytes = 0;
  std::string provider; ///< whose answers; empty where it keeps something else
  std::uint64_t evictions = 0;
  std::uint64_t shared = 0;      ///< answered by an equal call that was under way
  std::uint64_t from_second = 0; ///< hits that came from outside of the process
  std::uint64_t saved_tokens = 0;
  usd saved;
  std::chrono::microseconds saved_time{0};
};

struct runtime_numbers {
  std::chrono::seconds uptime{0};
  std::uint64_t turns = 0; ///< ended since the start
  std::uint64_t turns_failed = 0;
  std::uint64_t turns_in_flight = 0;
  percentiles turn_latency;
  std::uint64_t live_conversations = 0;
  std::uint64_t conversations_last_day = 0; ///< begun within the last 24 hours
  std::uint64_t active_users =
    0; ///< customers, or conversations without one, of the last 5 minutes
  token_usage_sum tokens;
  usd cost;
  usd wasted; ///< on attempts that gave no answer
  usd saved;  ///< by answers out of a cache
  std::vector<provider_view> providers;
  std::vector<cache_view> caches;
};

} // namespace flipsync
