#pragma once
/// What the configuration expects of each provider's server.

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync::config {

struct provider_need {
  std::string provider;
  bool primary = false;
  /// Its server is one's own, and `flipsync pull` brings models onto it.
  bool fetchable = false;
  bool has_key = false;
  /// The option that holds its key; empty where it takes none.
  std::string key_option;
  /// The models that turns would ask it for, without repetition.
  std::vector<std::string> models;
};

/// One for each provider that is configured and has a server, in the order in which they are asked.
std::vector<provider_need> provider_needs(const settings& values,
                                          const std::vector<agent_spec>& agents);

} // namespace flipsync::config
