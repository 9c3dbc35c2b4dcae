#pragma once
/// The logistics agent's skills: carrier_options and parcel_split.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::logistics {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::logistics
