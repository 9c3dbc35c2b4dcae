#pragma once
/// What a resting conversation remembers, in one piece: thousands rest at a time, and what is
/// seldom touched costs least in few pieces of memory.

#include <string>
#include <string_view>

#include "runtime/core/ports/store.hpp"

namespace flipsync {

/// Agent and messages; for this process only.
[[nodiscard]] std::string pack(const conversation_history& history);
/// The inverse, for what `pack` has made and nothing else.
[[nodiscard]] conversation_history unpack(std::string_view packed);

} // namespace flipsync
