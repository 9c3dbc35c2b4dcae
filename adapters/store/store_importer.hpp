#pragma once
/// Imports that come in through a door, over the same importer as the command line's.

#include <memory>

#include "adapters/store/sqlite_store.hpp"
#include "runtime/core/ports/importer.hpp"

namespace flipsync {

/// Opens a store of its own for each import, beside the service's.
std::shared_ptr<importer_port> make_store_importer(store_options options);

} // namespace flipsync
