#pragma once
/// From settings to the parts that a runtime is started with.

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "runtime/core/assembly.hpp"

namespace flipsync {
class shared_loop;
class sqlite_store;
} // namespace flipsync

namespace flipsync::config {

/// Agents, rules, routing, limits and providers: everything but the store, which the caller opens
/// where it wants one. Reads the files that the settings name; opens no socket. Errors:
/// invalid_request naming what does not fit: a file, an agent's skill that does not exist, a
/// provider that is not configured. `shared` is where the providers' HTTP client looks for a loop
/// to be driven by; null: it has a thread of its own.
result<assembly> assemble(const settings& values,
                          const std::shared_ptr<shared_loop>& shared = nullptr);

/// Opens (or creates) the shop's store in that folder. Errors: store_failed, conflict.
result<std::shared_ptr<sqlite_store>> open_shop(const settings& values, const shop_rules& rules,
                                                const std::string& folder);

/// What imports into that store for a door. Opens nothing yet.
std::shared_ptr<importer_port> open_importer(const settings& values, const shop_rules& rules,
                                             const std::string& folder);

} // namespace flipsync::config
