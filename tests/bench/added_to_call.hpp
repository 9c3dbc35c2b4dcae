#pragma once
/// Rows on what a turn of one caller takes beyond the provider's own time.

#include <memory>
#include <vector>

#include "tests/bench/measurement.hpp"
#include "tests/bench/turn_shop.hpp"

namespace flipsync::bench {

/// A whole stored turn with an instant provider, against its budget; below it the same with the
/// cores kept awake, where this user may ask for that, and with all of it on one core.
std::vector<std::unique_ptr<measurement>> added_rows(const turn_options& opts);

/// A real concierge turn whose parts ask the mock for 100, 200 and 300 ms, over the slowest of
/// them, against its budget; below it the same with the cores kept awake, where this user may ask.
std::vector<std::unique_ptr<measurement>> fan_out_rows(const turn_options& opts);

} // namespace flipsync::bench
