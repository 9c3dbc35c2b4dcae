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
} // namespace

bool is_public_column(std::string_view name) {
  const auto words = fold(name);
  return std::none_of(business_words.begin(), business_words.end(), [&](std::string_view business) {
    return words.find(business) != std::string::npos;
  });
}

std::string column_words(std::string_view name) {
  std::string words{name};
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

} // namespace flipsync
