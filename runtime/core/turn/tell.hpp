#pragma once
/// Calls of a sink that is somebody else's code.

#include "runtime/core/facade.hpp"

namespace flipsync {

/// Hands an event to a sink. False if it threw, which is logged: then it is to be called no more,
/// and the turn goes on without it.
[[nodiscard]] bool tell(event_sink& sink, const turn_event& event);
/// The same for the answer that is being kept.
[[nodiscard]] bool tell(event_sink& sink, const turn_reply& answer);

} // namespace flipsync
