#pragma once
/// Writes decoded rows into the catalogue, one by one, inside the importer's transaction. Throws
/// sql::failure.

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/store/import_rows.hpp"
#include "adapters/store/store_state.hpp"

namespace flipsync {

enum class row_outcome : std::uint8_t { inserted, updated, unchanged };

/// What rows are written with, and for whom.
struct apply_context {
  sql::connection& db;
  tenant_id tenant = 0;
  row_clock clock;
};

/// One kind's way from a row of texts into its table.
class row_applier {
public:
  virtual ~row_applier() = default;
  /// Decodes the row. Errors: invalid_request, the reason as message.
  virtual result<void> decode(const record& row, column_names& names) = 0;
  /// What makes the decoded row the only one of its kind in a file ("sku", then the values), and
  /// how a human names it.
  [[nodiscard]] virtual std::string key() const = 0;
  [[nodiscard]] virtual std::string shown_key() const = 0;
  /// Writes the decoded row.
  virtual row_outcome apply() = 0;
  /// Takes a product that is no longer for sale out of the catalogue. False: it was not there.
  virtual bool remove(std::string_view /*sku*/) { return false; }
  /// After the last row of an import that is going to be kept.
  virtual void finish() {}
};

/// A part of a key that the store compares without case (SKUs, zones).
std::string nocase_key(std::string_view text);

std::unique_ptr<row_applier> make_applier(import_kind kind, const apply_context& context);
std::unique_ptr<row_applier> make_product_applier(const apply_context& context);

} // namespace flipsync
