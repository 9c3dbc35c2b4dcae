#pragma once
/// Bodies of error responses in the form that the route's callers expect.

#include <string>
#include <string_view>

#include "adapters/bridge/route.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

/// The form of a target without a route, by its path's first segment.
error_dialect dialect_of(std::string_view target) noexcept;
std::string_view content_type_of(error_dialect dialect) noexcept;
/// `failed` adds the turn, where the form has room for it.
void append_error(std::string& out, error_dialect dialect, const error& why, int status,
                  std::string_view request_id, const turn_reply* failed,
                  wire::costs how = wire::costs::told);

} // namespace flipsync
