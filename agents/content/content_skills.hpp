#pragma once
/// The content agent's skills: seo_score and content_limits.

#include <memory>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::content {

std::vector<std::shared_ptr<const skill>> skills();
std::shared_ptr<const agent_plan> plan();

} // namespace flipsync::content
