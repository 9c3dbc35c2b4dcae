#pragma once
/// The marketplace agent's skills: order_lookup, offer_evaluation, refund_check and
/// fee_calculation.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::marketplace {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::marketplace
