#pragma once
/// All that is wrong with a configuration, as one error. Internal to config/.

#include <string>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync::config {

/// A line each.
inline error all_of(const std::vector<std::string>& faults) {
  std::string text;
  for (const auto& fault : faults)
    text += (text.empty() ? "" : "\n") + fault;
  return error{errc::invalid_request, text};
}

} // namespace flipsync::config
