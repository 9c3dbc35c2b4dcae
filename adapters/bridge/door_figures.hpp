#pragma once
/// The door's numbers as JSON, for dashboards: rates and percentiles, where http_metrics.hpp
/// counts.

#include <cstdint>
#include <span>
#include <string>

#include "adapters/bridge/http_metrics.hpp"

namespace flipsync {

/// The value below which `percent` of what a histogram counted lies, microseconds: linear within
/// its bucket; 0 where nothing was counted. What lies beyond the last bound counts as that bound.
std::int64_t percentile_of(std::span<const std::uint64_t> buckets,
                           std::span<const std::int64_t> bounds, unsigned percent);

/// Appends a JSON object of all sets. Rates are of the last minute that is over.
void append_figures(std::string& out, std::span<const http_metrics* const> sets,
                    std::uint64_t in_flight);

} // namespace flipsync
