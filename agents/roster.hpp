#pragma once
/// The ten shipped agents: their skills and plans. Their prompts, tiers and routing words are data,
/// in config/agents.toml.

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync {

/// Adds the skills and plans of the shipped agents; a host may replace any of them by adding its
/// own of the same name afterwards.
void add_shipped_agents(agent_library& library);

} // namespace flipsync
