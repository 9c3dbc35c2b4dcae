#pragma once
/// What CAF's registry of metrics wants to be told, in its own types. Pure.

#include <caf/string_view.hpp>

#include <chrono>
#include <string_view>

namespace flipsync {

inline caf::string_view view(std::string_view text) { return {text.data(), text.size()}; }

inline double seconds(std::chrono::microseconds t) {
  return std::chrono::duration<double>(t).count();
}

} // namespace flipsync
