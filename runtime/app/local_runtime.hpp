#pragma once
/// The runtime inside this process, made from the settings.

#include <memory>
#include <string>

#include "config/load.hpp"
#include "runtime/embed/runtime.hpp"

namespace flipsync::app {

/// What every command starts from.
struct context {
  config::loaded_settings config;
  config::environment env;
  config::load_input input; ///< what `config` was loaded from, to load it anew
};

/// Assembles, opens the shop in its data folder and starts. Errors: as config::assemble, open_shop
/// and start_runtime.
result<std::shared_ptr<running_runtime>> start_local(const context& ctx);

} // namespace flipsync::app
