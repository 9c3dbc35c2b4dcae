#pragma once
/// The parts of the table of options that have files of their own. Internal to config/.

#include <vector>

#include "config/option.hpp"

namespace flipsync::config {

/// The sections of the providers.
void add_providers(std::vector<option>& table);

} // namespace flipsync::config
