#pragma once
/// The configuration of a running service, read anew.

#include "adapters/bridge/bridge.hpp"
#include "runtime/app/local_runtime.hpp"
#include "runtime/app/reload_desk.hpp"

namespace flipsync::app {

/// On the main thread. `ctx` is what the service was started with; command line and environment
/// are as they were then. `loops`: as of config::assemble.
class reloading {
public:
  reloading(context ctx, running_runtime& runtime, bridge& door, std::shared_ptr<shared_loop> loops)
    : ctx_{std::move(ctx)},
      runtime_{runtime},
      door_{door},
      loops_{std::move(loops)} {}

  /// Reads files, keys and certificate; all or nothing. What is wrong is logged. Errors: as
  /// reloader_port.
  result<reload_report> run();

private:
  result<reload_report> read();
  result<void> take_up(assembly parts);

  context ctx_;
  running_runtime& runtime_;
  bridge& door_;
  std::shared_ptr<shared_loop> loops_;
};

} // namespace flipsync::app
