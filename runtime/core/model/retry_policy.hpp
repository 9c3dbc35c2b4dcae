#pragma once
/// What is done about each fault, and where a call goes next: pure. Source: PROVIDERS, conduct
/// under fault.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/core/assembly.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

/// What one fault means for the route that met it.
struct fault_conduct {
  std::uint32_t attempts = 1;     ///< tries in all at this route, where this is what they end in
  bool elsewhere = true;          ///< another route may answer
  bool rather_elsewhere = false;  ///< the route is tried again only when no other can answer now
  bool not_again_in_turn = false; ///< no part of the turn tries it any more
  bool counts = true;             ///< it has failed; else it stands as if it had not been asked
};
fault_conduct conduct_of(fault f, const core_settings& settings) noexcept;

/// Full jitter over base × 2^(attempts-1), at most `retry_cap`, where `attempts` were made so far
/// and the base is longer for a rate limit; what the provider asked for is waited exactly. `random`
/// is 64 uniform bits.
std::chrono::milliseconds wait_before_retry(const core_settings& settings, const error& why,
                                            std::uint32_t attempts, std::uint64_t random) noexcept;

/// Where one route of a call stands.
struct route_state {
  std::uint32_t attempts = 0;
  bool closed = false;      ///< not for this call any more
  bool last_resort = false; ///< after all others
  mono_time not_before{};
};

/// The next attempt of a call.
struct next_attempt {
  std::size_t route = 0;
  mono_time at{}; ///< now, or when a pause is over
};

/// The first route in order that is open and can go now, or within `patience`; where there is none,
/// the one that can go soonest. So a pause is sat out only where nobody else can answer meanwhile.
/// nullopt where no route can begin before `deadline`.
std::optional<next_attempt> next_of(const std::vector<route_state>& routes, mono_time now,
                                    mono_time deadline, std::chrono::milliseconds patience);

} // namespace flipsync
