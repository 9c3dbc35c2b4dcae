#pragma once
/// The table of options as text: for --print-config, config/flipsync.toml and
/// docs/configuration.md.

#include <string>

#include "config/load.hpp"

namespace flipsync::config {

/// Every option with its value and where it came from, one a line, as TOML (it can be loaded
/// again); secrets appear as comments without their value. Variables that change nothing come last.
std::string print_config(const loaded_settings& loaded);

/// config/flipsync.toml: every option with its default and what it means.
std::string sample_file();

/// The tables of docs/configuration.md: options by section, what profiles set, idle variables.
std::string option_tables();

} // namespace flipsync::config
