#pragma once
/// From settings to what is kept of answers.

#include <memory>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/ports/second_cache.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::config {

cache_settings cache_of(const settings& values);

/// The second cache, or null where none is named; connects when it is first asked. Errors:
/// invalid_request with `field`.
result<std::shared_ptr<second_cache>> second_of(const settings& values);

/// What the provider's settings add to each of its answers; the same answers need the same.
std::string identity_of(const settings& values, std::string_view provider);

} // namespace flipsync::config
