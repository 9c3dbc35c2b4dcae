#pragma once
/// The market agent's skills: price_band, sales_velocity and opportunity_score.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::market {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::market
