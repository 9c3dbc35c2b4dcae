#pragma once
/// How long a core that sleeps takes to wake, which is most of what a lone turn costs on many
/// virtual machines (docs/adr/0036).

#include <chrono>

#include "adapters/bridge/bridge.hpp"
#include "runtime/app/doctor/finding.hpp"

namespace flipsync::app {

/// From waking a thread that sleeps on another core to its running, median of some hundred times by
/// two threads that wake one another: takes 5 to 50 ms. Zero where there is but one core.
std::chrono::microseconds measure_wake();

/// Whether the cores are kept awake, could be, or need not be. `may`: the device of `door` can be
/// written.
finding check_cores(const bridge_settings& door, bool may, std::chrono::microseconds wake);

/// The same, measured here.
finding check_cores(const bridge_settings& door);

} // namespace flipsync::app
