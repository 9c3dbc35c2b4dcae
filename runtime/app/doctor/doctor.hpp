#pragma once
/// `flipsync doctor`: looks at everything that the service needs, and says what to do.

#include "runtime/app/local_runtime.hpp"
#include "runtime/app/output.hpp"

namespace flipsync::app {

/// Exit code 0 where there is no problem, else 1. `loaded`: the configuration, or why there is
/// none. Changes nothing, calls no model, and works beside a running service.
int doctor(const result<config::loaded_settings>& loaded, const config::environment& env,
           output& out, bool json);

} // namespace flipsync::app
