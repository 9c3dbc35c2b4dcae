#pragma once
/// Undercuts and price moves (BUSINESS: the competitor agent). Pure functions on plain values.

#include <optional>
#include <string>
#include <vector>

#include "agents/common/rivals.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::competitor {

struct undercut {
  std::string by; ///< who asks the lowest price
  money price;
  double share = 0;             ///< how far below ours, as a share of ours
  std::size_t undercutters = 0; ///< different competitors below our price
  bool severe = false; ///< by more than 10 %: where the pricing rules turn to competitive prices
};
/// Competitors who ask less than `own`; the same price is no undercut. nullopt if none does, or if
/// our own price is not above zero.
std::optional<undercut> find_undercut(money own, const std::vector<rival_price>& rivals);

/// From 6 hours on, when data adds nothing to a price's confidence any more.
bool is_stale(const rival_summary& rivals, wall_time now);

/// The price changes in a product's history, newest first: consecutive prices of the same
/// competitor on the same marketplace that differ.
std::vector<price_move> moves_of(const product_dossier_row& row);

} // namespace flipsync::competitor
