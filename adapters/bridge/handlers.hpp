#pragma once
/// What each route does.

#include "adapters/bridge/routes.hpp"

namespace flipsync {

class http_session;

/// Answers the session's request, at once or through a completion.
void handle(route_id route, http_session& session);

} // namespace flipsync
