#pragma once
/// Who calls: whose data a route shows, and which side of the counter the caller stands on.

#include <string>

#include "adapters/bridge/http_session.hpp"

namespace flipsync {

/// The tenant whose data the caller may see.
std::string tenant_of(const http_session& session);
/// The parameter `audience` where the route has one and it is given, else what the caller is.
audience audience_of(const http_session& session);
/// The back office; a problem is answered here where there is none (null).
back_office* office_of(http_session& session);

/// Where a page goes on, as an opaque word and back. Pages are asked for by numbers.
std::string cursor_of(std::uint64_t place);
/// 0 where none is given. Errors: invalid_request naming `cursor`.
result<std::uint64_t> place_of(const http_session& session);

} // namespace flipsync
