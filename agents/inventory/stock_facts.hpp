#pragma once
/// From a product's record to the figures of the inventory rules.

#include "agents/common/velocity.hpp"
#include "agents/inventory/reorder_rules.hpp"
#include "runtime/core/agent/shop_rules.hpp"

namespace flipsync::inventory {

/// The lead time is the product's, else the shop's; the safety stock is the product's column
/// `safety_stock`, if it has one with a number that is not negative.
stock_facts facts_of(const product_dossier_row& row, const shop_rules& rules);
/// "20 days", "no end of" stock that does not sell, or "unknown" cover, for a sentence.
std::string show_cover(const std::optional<double>& days);

} // namespace flipsync::inventory
