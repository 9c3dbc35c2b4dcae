#pragma once
/// Which orders a seller's message asks for, beside a single one. Pure.

#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::marketplace {

struct order_wish {
  order_query query;
  std::string status;    ///< "pending"; empty: any
  std::string described; ///< " on eBay with AUD-1001"
};

/// By product, category, brand, status ("cancelled", "still open"), marketplace and span of time,
/// and how many ("the last 10 orders"); counted where there is any of these but the last.
order_wish orders_wished(const skill_input& input);
/// Order ids of the message other than that one, at most eight.
std::vector<std::string> other_order_ids(const message_reading& message, const std::string& id);

} // namespace flipsync::marketplace
