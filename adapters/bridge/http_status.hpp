#pragma once
/// The one place that turns an error into an HTTP status (API.md: statuses).

#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// 200 for errc::none, else 4xx or 5xx.
int http_status(errc code) noexcept;
/// "Not Found"; empty for a status that the door never sends.
std::string_view reason_phrase(int status) noexcept;
/// Whether a response of this status says when to come back.
constexpr bool wants_retry_after(int status) noexcept { return status == 429 || status == 503; }

} // namespace flipsync
