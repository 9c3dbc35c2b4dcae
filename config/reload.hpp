#pragma once
/// What of a configuration that was read anew takes effect without a restart: pure.

#include <string>
#include <vector>

#include "config/load.hpp"

namespace flipsync::config {

struct reload_plan {
  /// To go on with: the new values, and the old ones where a change needs a restart.
  loaded_settings next;
  std::vector<std::string> changed;       ///< paths of options that change now
  std::vector<std::string> needs_restart; ///< of those that differ and stay as they were
};

/// Options are compared by their values, wherever these came from. What differs because it needs a
/// restart is reported each time until then.
reload_plan plan_reload(const loaded_settings& now, loaded_settings fresh);

/// The files that these settings name, beside those that they were read from.
std::vector<std::string> named_files(const settings& values);

} // namespace flipsync::config
