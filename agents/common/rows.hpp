#pragma once
/// Reading a skill's rows by type.

#include <vector>

#include "runtime/core/ports/store.hpp"

namespace flipsync {

/// The i-th row as `Row`; an empty one where there is none (a shop without a store).
template <class Row>
const Row& row_as(const std::vector<const store_rows*>& rows, std::size_t i) {
  static const Row none{};
  if (i >= rows.size() || rows[i] == nullptr)
    return none;
  const auto* row = std::get_if<Row>(rows[i]);
  return row != nullptr ? *row : none;
}

/// Errors: internal where the rows are not those of the queries (a bug of the caller).
result<void> check_rows(const std::vector<store_query>& queries,
                        const std::vector<const store_rows*>& rows);

} // namespace flipsync
