#pragma once
/// Our columns, and which of a file's columns they are.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/store/import.hpp"

namespace flipsync {

/// Every column that an import may have (BUSINESS: data files).
enum class column : std::uint8_t {
  sku,
  title,
  price,
  brand,
  category,
  subcategory,
  description,
  cost,
  stock,
  max_stock,
  velocity_per_day,
  lead_time_days,
  weight_g,
  tags,
  age_restricted,
  competitor,
  marketplace,
  seen_at,
  order_id,
  quantity,
  unit_price,
  buyer,
  status,
  ordered_at,
  carrier,
  service,
  zone,
  max_weight_g,
  days,
  attribute, ///< a further column of products
  ignored,   ///< a further column of anything else
};

std::string_view to_string(column c) noexcept;
/// The columns that a kind knows, the required ones first.
std::span<const column> columns_of(import_kind kind) noexcept;
std::span<const column> required_columns(import_kind kind) noexcept;

/// A name as columns are compared: lower case, blanks and hyphens as '_'.
std::string column_key(std::string_view name);
/// Whether two names, without blanks at their ends, have the same key.
bool same_column(std::string_view a, std::string_view b) noexcept;

/// What a file's column is to us.
struct column_meaning {
  column what = column::ignored;
  std::string name; ///< an attribute's name
};

/// Finds the meaning of a file's column names; remembers what it found.
class column_names {
public:
  column_names(import_kind kind, const column_mapping& map);
  const column_meaning& meaning_of(std::string_view name);
  /// Required columns that none of these names is. Empty: all are there.
  std::vector<column> missing(const std::vector<std::string>& names);

private:
  column_meaning find(std::string_view name) const;
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  import_kind kind_;
  std::unordered_map<std::string, column_meaning> mapped_; ///< by their key
  std::unordered_map<std::string, column_meaning, text_hash, std::equal_to<>> known_;
};

} // namespace flipsync
