#pragma once
/// The inventory agent's skills: stock_cover, reorder_advice, buying_opportunity and dead_stock.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::inventory {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::inventory
