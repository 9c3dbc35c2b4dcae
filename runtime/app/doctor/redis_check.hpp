#pragma once
/// Whether the Redis that the configuration names can be used.

#include "config/settings.hpp"
#include "runtime/app/doctor/finding.hpp"

namespace flipsync::app {

/// Nothing where none is named. Waits for cache.redis_timeout at most.
findings check_redis(const config::settings& values);

} // namespace flipsync::app
