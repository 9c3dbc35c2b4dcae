#pragma once
/// What a model request is filled in with: pure.

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

struct model_routing;

/// The request's own tuning; what the agent leaves open comes from the configuration, and a task
/// that the caller names sets the answer's own limits.
model_tuning tuning_for(const model_call& call, const model_routing& routing);

} // namespace flipsync
