#pragma once
/// What `flipsync budget` prints, from what the service answers: GET /api/v1/budget and GET
/// /api/v1/cache.

#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync::app {

/// Tables for people: the limits, then what the calls of each model came to. Errors:
/// malformed_reply where the answers are not what such a service gives.
result<std::string> budget_as_text(std::string_view budget, std::string_view caches);

/// One line: `budget` as the service has it, and what the caches have `saved` since its start.
/// Errors: as above.
result<std::string> budget_as_json(std::string_view budget, std::string_view caches);

} // namespace flipsync::app
