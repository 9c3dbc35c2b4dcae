#pragma once
/// How well a product's text answers a full-text search: Okapi BM25 over FTS5's index, with the
/// lengths of texts kept in memory. FTS5's own looks each hit's length up in a table, which was a
/// third of a search that finds thousands.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "adapters/store/sqlite.hpp"

namespace flipsync {

/// The tokens of the products' texts, as far as searches have asked for them. One thread at a time.
class text_lengths {
public:
  /// Before each read: `first` to `last` are the rows that may be kept. What was kept of other rows
  /// or of another version of the catalogue is forgotten.
  void of_version(std::uint64_t version, std::int64_t first, std::int64_t last);
  /// 0 where it is not known.
  [[nodiscard]] std::uint32_t find(std::int64_t row) const noexcept;
  /// Throws std::bad_alloc.
  void keep(std::int64_t row, std::uint32_t tokens);

private:
  std::uint64_t version_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = -1;
  std::vector<std::uint16_t> tokens_; ///< by row, from first_ on
};

/// Gives the connection the SQL function `text_score(product_words)`, for rows of a MATCH: 0 to 1,
/// better the higher. `lengths` must outlive the connection. Throws sql::failure.
void add_text_score(sql::connection& db, text_lengths& lengths);

} // namespace flipsync
