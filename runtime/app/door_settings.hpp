#pragma once
/// The HTTP door as the configuration wants it.

#include "adapters/bridge/bridge.hpp"
#include "runtime/app/local_runtime.hpp"

namespace flipsync::app {

/// Errors: as load_keys and config::parse_listen.
result<bridge_settings> door_settings(const context& ctx);

/// Where this machine reaches a listener on `host`: loopback where that is all of its addresses.
std::string reached_at(const std::string& host);

} // namespace flipsync::app
