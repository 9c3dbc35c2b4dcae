#pragma once
/// Looks at a data folder without changing it, also while a service runs on it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// What a data folder holds.
struct store_findings {
  bool there = false; ///< the shop's database is
  std::uint64_t products = 0;
  /// When a database was last written; unset where there is none.
  std::optional<std::filesystem::file_time_type> written;
};

/// Checks the databases' structure (SQLite's quick check), which takes about a second per gigabyte.
/// Errors: store_failed (damaged, or not readable), conflict (made by a newer program).
result<store_findings> check_store(const std::filesystem::path& folder);

/// The process that serves from that folder; unset where none does. Takes no lock.
std::optional<std::string> service_of(const std::filesystem::path& folder);

} // namespace flipsync
