#pragma once
/// Whether the configuration can be served with, for --check-config and `flipsync doctor`.

#include <string>
#include <vector>

#include "runtime/app/local_runtime.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync::app {

struct checked_config {
  std::string summary; ///< "profile embedded, provider offline, 11 agents, no API keys"
  std::vector<agent_spec> agents;
};

/// Reads every file that the settings name; opens no socket and no store. Errors: what `serve`
/// would refuse to start with.
result<checked_config> check_config(const context& ctx);

} // namespace flipsync::app
