#pragma once
/// From settings to the gateway's conduct and routing.

#include "adapters/providers/common/provider_settings.hpp"
#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync::config {

flipsync::conduct_settings conduct_of(const settings& values);

/// Adds the table of tasks to what `routing` holds already. Errors: invalid_request naming the
/// option.
result<void> add_routing_of(const settings& values, model_routing& routing);

/// Gives an entry the limits and models of its provider.
void add_limits_of(const settings& values, provider_entry& entry);

/// What its HTTP side is told of them.
provider_timeouts timeouts_of(const provider_limits& limits);

/// The limits of a provider by name; null for the embedded one.
const provider_limits* limits_of(const settings& values, std::string_view provider);

} // namespace flipsync::config
