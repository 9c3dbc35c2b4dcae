#pragma once
/// Reads the configuration anew, for a door that was asked to.

#include <functional>
#include <string>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// What a new configuration came to; options by their names.
struct reload_report {
  std::vector<std::string> changed;       ///< in effect for turns that begin from now on
  std::vector<std::string> needs_restart; ///< changed too, and as before until the next start
  std::vector<std::string> read;          ///< files that were read, whether or not they changed
};

/// Thread-safe; never blocks.
class reloader_port {
public:
  virtual ~reloader_port() = default;
  /// `done` is called once, on any thread, and must not block. Errors: invalid_request with what is
  /// wrong with the new configuration, its place and key; the old one is kept then.
  virtual void reload(std::function<void(result<reload_report>)> done) = 0;
};

} // namespace flipsync
