#include "runtime/core/text/public_columns.hpp"

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

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Letters, digits, spaces and underscores: what folds letter by letter.
bool is_plain(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ' ';
  });
}

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size()
         && std::equal(word.begin(), word.end(), text.begin(),
                       [](char w, char t) { return w == lower(t); });
}

bool names_business(std::string_view words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!beginnings[static_cast<unsigned char>(lower(words[at]))])
      continue;
    const char first = lower(words[at]);
    for (const auto business : business_words)
      if (business.front() == first && begins_with(words.substr(at), business))
        return true;
  }
  return false;
}
} // namespace

bool is_public_column(std::string_view name) {
  return is_plain(name) ? !names_business(name) : !names_business(fold(name));
}

void append_column_words(std::string& text, std::string_view name) {
  const auto begin = static_cast<std::ptrdiff_t>(text.size());
  text.append(name);
  std::replace(text.begin() + begin, text.end(), '_', ' ');
}

std::string column_words(std::string_view name) {
  std::string words;
  append_column_words(words, name);
  return words;
}

} // namespace flipsync
