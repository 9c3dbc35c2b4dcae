#pragma once
/// The catalogue's words, read from the store.

#include <memory>

#include "adapters/store/store_state.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

/// Inside the caller's read transaction. Throws sql::failure.
std::shared_ptr<vocabulary> read_catalogue_words(sql::connection& db, tenant_id tenant);

} // namespace flipsync
