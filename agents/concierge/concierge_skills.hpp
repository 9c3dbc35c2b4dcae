#pragma once
/// The concierge agent's skills: product_search, product_pitch, quick_replies, cart_hints and
/// product_decision.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::concierge {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::concierge
