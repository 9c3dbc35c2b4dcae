#pragma once
/// The pieces of SQL that a product search is made of: pure text and arguments.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::reads {

/// SQL text and its arguments, grown side by side.
struct sql_text {
  std::string text;
  std::vector<std::variant<std::int64_t, double, std::string>> arguments;

  template <class T>
  sql_text& add(std::string_view piece, T argument) {
    text += piece;
    arguments.emplace_back(std::move(argument));
    return *this;
  }
  void bind(sql::query& q) const {
    for (const auto& argument : arguments)
      std::visit([&](const auto& value) { q.bind(value); }, argument);
  }
};

/// How well a product matches, best first (BUSINESS: storefront). Full text lies between 0 and 1.
namespace relevance {
inline constexpr double exact_name = 7;
inline constexpr double exact_brand = 6;
inline constexpr double exact_category = 5;
inline constexpr double exact_subcategory = 4;
inline constexpr double partial_name = 3;
inline constexpr double partial_brand = 2;
inline constexpr double partial_category = 1;
} // namespace relevance

/// A customer's words, folded, in the forms that a search compares.
struct search_words {
  explicit search_words(std::string_view text);
  std::vector<std::string> words; ///< at most 12: an essay is cut there
  std::string phrase;             ///< all of them
  std::string singular;           ///< the same with the last word in singular and in plural
  std::string plural;
};

bool has_filters(const product_search& query);
/// " AND …" for the categories alone.
void add_category(sql_text& out, const product_search& query);
/// " AND …" for each filter, on the products alias `p`. Stock that is not known counts as in stock.
void add_filters(sql_text& out, const product_search& query);
void add_filters_beside_category(sql_text& out, const product_search& query);
/// The same for a scope.
void add_scope(sql_text& out, const product_scope& scope);
/// An expression for the relevance of a full-text match; `score` is the SQL of a number from 0
/// to 1.
void add_relevance(sql_text& out, const search_words& words, std::string_view score);

/// Words as an FTS5 expression. `last_begins`: the last one need only be a word's beginning.
std::string match_all(const std::vector<std::string>& words, bool last_begins);
std::string match_any(const std::vector<std::string>& words);

} // namespace flipsync::reads
