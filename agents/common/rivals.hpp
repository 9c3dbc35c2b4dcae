#pragma once
/// Rivals' prices of one product in a few figures.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/types/product.hpp"

namespace flipsync {

struct rival_summary {
  std::size_t competitors = 0; ///< different names; one rival on two marketplaces counts once
  std::size_t offers = 0;      ///< prices that the figures below are made of
  money lowest;
  money average; ///< to the cent, half rounded up
  money highest;
  std::string cheapest; ///< the name that asks the lowest price
  wall_time newest{};
  wall_time oldest{};
};

/// nullopt where there is no price above zero.
std::optional<rival_summary> summarize(const std::vector<rival_price>& prices);
/// How old the newest price is; a time in the future counts as now.
std::chrono::milliseconds data_age(const rival_summary& rivals, wall_time now);

} // namespace flipsync
