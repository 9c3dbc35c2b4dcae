#pragma once
/// What a request's headers say about kept answers.

#include "adapters/bridge/http_parser.hpp"
#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

/// `X-FlipSync-Cache: yes` asks for a kept answer also where the temperature alone speaks against
/// it; `no`, as `Cache-Control: no-cache` or `no-store` do, refuses one. Errors: invalid_request
/// naming the header.
result<cache_use> cache_wish_of(const http_request& request);

} // namespace flipsync
