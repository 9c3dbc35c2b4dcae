#pragma once
/// Reads the roster of agents (config/agents.toml, or a user's own file).

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"

namespace flipsync::config {

/// One `[[agent]]` section per agent, in the file's order, which breaks the router's ties. `origin`
/// stands in messages for the file. Errors: invalid_request with `file`, `line` and `key` as
/// details, for broken TOML, an unknown key, a wrong type, a value out of range, a missing name or
/// prompt, a name or alias used twice (in any case), parts that wait for themselves, and a file
/// without agents. Whether skills exist is not checked here.
result<std::vector<agent_spec>> load_agents(std::string_view toml, const std::string& origin);

/// What a router needs to know of these agents, in the same order.
std::vector<routed_agent> routed_agents(const std::vector<agent_spec>& agents);

} // namespace flipsync::config
