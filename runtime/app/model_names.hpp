#pragma once
/// Names of models as servers list them.

#include <algorithm>
#include <string>
#include <vector>

namespace flipsync::app {

/// A server may list "gemma3:latest" where the configuration says "gemma3".
inline bool lists_model(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) {
    return one == name || one == name + ":latest";
  });
}

} // namespace flipsync::app
