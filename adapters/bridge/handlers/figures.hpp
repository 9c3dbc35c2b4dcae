#pragma once
/// The figures of /api/v1/metrics, which /metrics gives as well to who prefers JSON.

#include "adapters/bridge/http_session.hpp"

namespace flipsync {

void answer_with_figures(http_session& session);

} // namespace flipsync
