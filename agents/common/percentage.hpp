#pragma once
/// Percentages in what a seller writes.

#include <optional>
#include <string_view>

namespace flipsync {

/// The number of the first "10 %", "10%" or "10 percent"; nullopt where there is none. Pure.
std::optional<double> percentage_of(std::string_view text);

} // namespace flipsync
