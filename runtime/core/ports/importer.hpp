#pragma once
/// Imports as a port: what the store's importer does for a file that a door has taken in.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync {

struct import_request {
  std::string kind;   ///< products, prices, orders or rates
  std::string format; ///< csv, ndjson; empty: by what the file begins with
  /// Empty, "shopify", or pairs `ours=theirs` separated by semicolons.
  std::string map;
  std::string name; ///< for the report and the import log
  bool dry_run = false;
};

/// How an import ended; rows that were rejected are no error.
struct import_outcome {
  bool committed = false; ///< false: a dry run, or rows were rejected and nothing was changed
  std::uint64_t rejected = 0;
  std::string report; ///< a JSON object, the same as the command line's
};

/// Thread-safe.
class importer_port {
public:
  virtual ~importer_port() = default;
  /// A file without a name in the data folder, open for writing and reading: gone with its
  /// descriptor, however the process ends. Errors: store_failed.
  virtual result<int> open_file() = 0;
  /// Imports the file in one transaction, all or nothing. Blocks, perhaps for minutes; not for an
  /// actor's or I/O thread. `go_on` is asked now and then; false stops it. Errors: invalid_request,
  /// cancelled, store_failed (nothing is changed).
  virtual result<import_outcome> run(int file, const import_request& request,
                                     const std::function<bool()>& go_on) = 0;
  /// Whether the request can be met, before a byte is taken. Errors: invalid_request with `field`.
  [[nodiscard]] virtual result<void> check(const import_request& request) const = 0;
};

} // namespace flipsync
