#pragma once
/// When to try a provider again, and when to go on to the next: pure.

#include <chrono>
#include <cstdint>

#include "runtime/core/assembly.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

enum class next_step : std::uint8_t { retry_same, next_provider, give_up };

struct retry_decision {
  next_step step = next_step::give_up;
  std::chrono::milliseconds wait{0}; ///< before the retry
};

struct retry_input {
  const error& why;           ///< how the last attempt failed
  std::uint32_t attempts = 1; ///< made at this provider so far
  bool more_providers = false;
  std::chrono::milliseconds remaining{0}; ///< until the turn's deadline
  std::uint64_t random = 0;               ///< 64 uniform bits, for the jitter
};

/// Full jitter over base × 2^(attempts-1), at most `retry_cap`; what the provider asked for
/// (retry_after) is waited exactly. A wait that does not fit the remaining time is not begun: the
/// next provider is asked instead, or the call ends. Source: PROVIDERS, conduct under fault.
retry_decision decide(const core_settings& settings, const retry_input& input);

} // namespace flipsync
