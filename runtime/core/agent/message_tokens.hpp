#pragma once
/// A message cut at its spaces, with its numbers recognised: what the folded words have lost
/// (signs, decimals, hyphens). Pure; internal to the reading of messages.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync::reading {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

struct token {
  std::string raw;       ///< as written, without the punctuation around it
  std::size_t first = 0; ///< its first word's position in words_of(message)
  std::size_t words = 0; ///< how many of those words it makes; 0 for bare punctuation
  bool pause = false;    ///< punctuation that ends or parts a sentence follows
  /// Set for numbers ("2", "1,299.00", "$40", "2kg", "30%").
  std::optional<double> number;
  bool whole = false;       ///< the number has no fraction
  bool currency = false;    ///< a currency sign stands beside it
  bool hash = false;        ///< "#" stands before it
  bool to_previous = false; ///< the upper end of a range written with a hyphen ("20-40")
  char comparison = 0;      ///< '<', '>' or '~' that stands before it, or is all of it
  std::string unit;         ///< letters or % that stand right after the number, lower case
};

/// The tokens in order. Their words are exactly those of words_of(message).
std::vector<token> tokens_of(std::string_view message);

/// The amount that the token's number is, if it is one of at most two decimals and in range.
std::optional<money> amount_of(const token& t);

} // namespace flipsync::reading
