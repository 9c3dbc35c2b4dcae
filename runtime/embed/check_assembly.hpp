#pragma once
/// What must hold before a runtime is started. Pure.

#include "runtime/core/assembly.hpp"

namespace flipsync {

/// Errors: invalid_request naming the agent and the field: a skill, provider or fallback that does
/// not exist, two agents of one name.
result<void> check_assembly(const assembly& parts);

} // namespace flipsync
