#pragma once
/// From settings to the parts that a runtime is started with.

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace flipsync::config {

/// Agents, rules, routing, limits and providers; everything but the store. Reads the files that the
/// settings name; opens no socket and no database. Errors: invalid_request naming what does not
/// fit: a file, an agent's skill that does not exist, a provider that is not configured.
result<assembly> assemble(const settings& values);

} // namespace flipsync::config
