#pragma once
/// The one table of options. Parsing, names in the environment, --print-config, validation,
/// docs/configuration.md and config/flipsync.toml all come from it.

#include <string_view>
#include <vector>

#include "config/option.hpp"

namespace flipsync::config {

/// All options, ordered as the configuration file has them (section by section).
const std::vector<option>& options();

/// The option of that path, or null.
const option* find_option(std::string_view path);

/// The path of `options()` closest to a mistyped one; empty if none is near.
std::string nearest_option(std::string_view path);

/// A variable that the user's documents name, is accepted, and changes nothing in this version.
struct idle_variable {
  std::string_view name;
  std::string_view reason;
};
const std::vector<idle_variable>& idle_variables();

} // namespace flipsync::config
