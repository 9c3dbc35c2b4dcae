#include "agents/common/public_columns.hpp"

#include <algorithm>
#include <array>

#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {
/// Whole words or beginnings of one ("costprice", "marginpct").
constexpr std::array<std::string_view, 14> business_words{
  "cost",      "cogs",   "margin",   "markup",   "profit", "supplier", "vendor",
  "wholesale", "landed", "purchase", "internal", "safety", "reorder",  "msrp"};

/// What a business word may begin with: most letters of most names begin none.
constexpr std::array<bool, 256> beginnings = [] {
  std::array<bool, 256> letters{};
  for (const auto word : business_words)
    letters[static_cast<unsigned char>(word.front())] = true;
  return letters;
}();
} // namespace

bool is_public_column(std::string_view name) {
  const auto folded = fold(name);
  const std::string_view words = folded;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!beginnings[static_cast<unsigned char>(words[at])])
      continue;
    const auto rest = words.substr(at);
    if (std::any_of(business_words.begin(), business_words.end(),
                    [&](std::string_view business) { return rest.starts_with(business); }))
      return false;
  }
  return true;
}

std::string column_words(std::string_view name) {
  std::string words{name};
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

} // namespace flipsync
