#pragma once
/// How good a listing's text is, and which limits it breaks. Pure. Lengths are code points.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync::content {

struct seo_result {
  int score = 0;       ///< 0 to 100, the sum of the four below
  int length = 0;      ///< of 30: title of 40 to 80 (20), description of at least 150 (10)
  int keywords = 0;    ///< of 35: share of the keywords that title or description hold
  int readability = 0; ///< of 20: sentences of 20 words at most on average, falling to 0 at 40
  int clean = 0;       ///< of 15: no banned word
  std::vector<std::string> missing_keywords;
  std::vector<std::string> banned;
  double words_per_sentence = 0; ///< 0 without a description
};
/// The keywords of a product are its brand, category, subcategory and tags.
seo_result score_seo(const product& item, const std::vector<std::string>& banned_words);
/// The configured words and phrases that the text holds, on word boundaries.
std::vector<std::string> banned_in(std::string_view text,
                                   const std::vector<std::string>& banned_words);
/// Words per sentence; 0 for a text without words.
double words_per_sentence(std::string_view text);

enum class limit_state : std::uint8_t { fits, long_title, too_long };
/// too_long above the limit, long_title above the length from which a warning is given.
limit_state check_title(std::string_view title, const marketplace_rules& rules);
/// True where a limit is set and the description passes it.
bool description_too_long(std::string_view description, const marketplace_rules& rules);

} // namespace flipsync::content
