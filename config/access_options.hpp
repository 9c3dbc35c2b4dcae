#pragma once
/// The options of who may use the service: keys, limits, origins, idempotency, TLS.

#include <vector>

#include "config/option.hpp"

namespace flipsync::config {

void add_access_options(std::vector<option>& to);

/// What no option can say alone; see check.hpp.
void check_access(const settings& values, std::vector<std::string>& out);

} // namespace flipsync::config
