#pragma once
/// The executive agent's skills: business_summary, option_scoring, risk_list and consensus_vote.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::executive {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::executive
