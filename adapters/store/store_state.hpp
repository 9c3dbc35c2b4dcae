#pragma once
/// What a store holds open; shared by its reads and by the importer.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "adapters/store/checkpointer.hpp"
#include "adapters/store/sqlite.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "adapters/store/version_mirror.hpp"

namespace flipsync {

/// A tenant's number in the catalogue.
using tenant_id = std::int64_t;
/// A product's id is its tenant's number in the bits from here on (schema.cpp).
inline constexpr int tenant_shift = 40;

struct sqlite_store::state {
  store_options options;
  sql::connection catalogue;
  sql::connection conversations;
  std::mutex conversations_used; ///< held by whoever uses `conversations`
  version_mirror version;
  std::unordered_map<std::string, tenant_id> tenants;
  std::shared_ptr<spending_source> spending;      ///< may be null
  std::unique_ptr<sql::checkpointer> checkpoints; ///< of `conversations`, so it ends before it

  explicit state(store_options opts);

  /// The tenant's number; nullopt where nothing was ever imported for it. Throws sql::failure.
  std::optional<tenant_id> find_tenant(const std::string& name);
  /// The same, adding the tenant; inside the caller's write transaction.
  tenant_id add_tenant(const std::string& name);
  /// The version in the database, as the current transaction sees it.
  std::uint64_t stored_version();
};

} // namespace flipsync
