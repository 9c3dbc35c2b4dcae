#pragma once
/// The catalogue's file as one connection sees it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "adapters/store/sqlite.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "adapters/store/text_score.hpp"
#include "adapters/store/version_mirror.hpp"

namespace flipsync {

/// A tenant's number in the catalogue.
using tenant_id = std::int64_t;
/// A product's id is its tenant's number in the bits from here on (schema.cpp).
inline constexpr int tenant_shift = 40;

/// One thread at a time; several views may be at work.
class catalogue_view {
public:
  /// Opens the file. Both must outlive it. Throws sql::failure.
  catalogue_view(const store_options& options, version_mirror& version);

  /// Errors: store_failed.
  result<read_result> read(const read_batch& batch);
  /// Errors: store_failed.
  result<std::shared_ptr<const vocabulary>> load_vocabulary();

  /// The tenant's number; nullopt where nothing was ever imported for it. Throws sql::failure.
  std::optional<tenant_id> find_tenant(const std::string& name);
  /// The same, adding the tenant; inside the caller's write transaction.
  tenant_id add_tenant(const std::string& name);
  /// The version in the database, as the current transaction sees it.
  std::uint64_t stored_version();

  [[nodiscard]] sql::connection& file() noexcept { return file_; }

private:
  const store_options& options_;
  version_mirror& version_;
  text_lengths lengths_; ///< the connection's functions read it
  sql::connection file_;
  std::unordered_map<std::string, tenant_id> tenants_;
};

} // namespace flipsync
