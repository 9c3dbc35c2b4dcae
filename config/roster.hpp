#pragma once
/// The agents that the settings ask for: the built-in roster or a file's, and added ones.

#include <vector>

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync::config {

/// An agent of an extra file replaces one of the same name in its place, or comes last. Errors:
/// invalid_request (a file is wrong, a name or alias means two agents).
result<std::vector<agent_spec>> read_roster(const agents_settings& files);

/// How messages find these agents. Where there is no concierge or executive, the first agent of
/// that audience takes what matches nothing.
router_config routing_of(const std::vector<agent_spec>& agents);

/// One sentence per skill that is not in the library, part that follows one that does not exist,
/// and provider that is not among `providers`.
std::vector<std::string> roster_faults(const std::vector<agent_spec>& agents,
                                       const agent_library& library,
                                       const std::vector<std::string>& providers);

} // namespace flipsync::config
