#pragma once
/// When a provider lets us try again, as its headers say it.

#include <chrono>
#include <optional>
#include <string_view>

#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync::providers {

/// In this order: `retry-after-ms`; `retry-after` in seconds (also with a fraction) or as a date,
/// counted from the response's own `date` or else from `now`; `x-ratelimit-reset-requests` and
/// `-tokens` (the one whose `remaining` is 0, the later of both if that is not said). 0 to 24 h;
/// nullopt where none is readable. Pure.
std::optional<std::chrono::milliseconds> retry_after_of(const exchange_head& head, wall_time now);

/// The three date forms of HTTP (RFC 9110, 5.6.7); nullopt for anything else. Pure.
std::optional<wall_time> parse_http_date(std::string_view text);

/// A duration as rate limit headers write it: "1s", "6m0s", "20ms", "1h2m3.5s", or plain seconds.
/// Pure.
std::optional<std::chrono::milliseconds> parse_reset_duration(std::string_view text);

} // namespace flipsync::providers
