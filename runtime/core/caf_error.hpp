#pragma once
/// The one doorway between `flipsync::error` and `caf::error`.

#include <caf/error.hpp>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// Carries code, message, details and retry_after.
caf::error to_caf(error why);
/// What CAF reports of a peer that is gone (request_receiver_down, broken_promise, an exit reason,
/// an exception) becomes agent_down; what else it reports, internal.
error from_caf(const caf::error& why);

} // namespace flipsync
