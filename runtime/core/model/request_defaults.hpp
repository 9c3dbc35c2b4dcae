#pragma once
/// What a model request is filled in with: pure.

#include <cstdint>
#include <optional>

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

struct model_routing;

/// The request's own tuning; what the agent leaves open comes from the configuration, and a task
/// that the caller names sets the answer's own limits. `fast`: for the fast tier's model.
model_tuning tuning_for(const model_call& call, const model_routing& routing, bool fast = false);

/// Longest answer on the fast tier in tokens: the tier's limit or the usual one, whichever is
/// smaller; nullopt: no limit. The tier's does not hold where the task has its own, where an agent
/// of that tier names one, and where a stream could not be told again if it were too small.
std::optional<std::uint32_t> fast_answer_of(const model_call& call, const model_routing& routing);

/// That limit, where it is the tier's own and so ends answers that other tiers would tell whole.
std::optional<std::uint32_t> limit_of_fast_alone(const model_call& call,
                                                 const model_routing& routing);

/// Context of a local model on the fast tier in tokens, at most that of other tiers; 0: as on them.
std::uint32_t fast_context_of(const model_routing& routing) noexcept;

} // namespace flipsync
