#pragma once
/// The caches' figures as Prometheus text.

#include <optional>
#include <string>
#include <vector>

#include "runtime/core/ports/second_cache.hpp"
#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync {

/// Appends flipsync_cache_*; labels are the class, and the provider where it is one's answers.
void append_cache_metrics(std::string& out, const std::vector<cache_view>& caches,
                          const std::optional<second_cache_view>& second);

} // namespace flipsync
