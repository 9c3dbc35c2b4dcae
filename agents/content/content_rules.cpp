#include "agents/content/content_rules.hpp"

#include <algorithm>
#include <cmath>

#include "agents/common/focus_plan.hpp"
#include "agents/common/wording.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::content {

namespace {

constexpr std::size_t title_from = 40;
constexpr std::size_t title_to = 80;
constexpr std::size_t description_from = 150;
constexpr double easy_sentence = 20;
constexpr double hard_sentence = 40;

/// Full marks within [40, 80], falling evenly to none at 0 and at 200.
double title_share(std::size_t length) {
  if (length < title_from)
    return static_cast<double>(length) / title_from;
  if (length <= title_to)
    return 1;
  return std::max(0.0, 1 - static_cast<double>(length - title_to) / (200.0 - title_to));
}

std::vector<std::string> keywords_of(const product& item) {
  std::vector<std::string> keywords;
  const auto add = [&](const std::string& keyword) {
    auto folded = fold(keyword);
    if (!folded.empty() && std::find(keywords.begin(), keywords.end(), folded) == keywords.end())
      keywords.push_back(std::move(folded));
  };
  add(item.brand);
  add(item.category);
  add(item.subcategory);
  for (const auto& tag : item.tags)
    add(tag);
  return keywords;
}

int marks(double share, int most) { return static_cast<int>(std::lround(share * most)); }

} // namespace

double words_per_sentence(std::string_view text) {
  std::size_t sentences = 0;
  double words = 0;
  while (!text.empty()) {
    const auto sentence = wording::first_sentence(text);
    const auto in_it = words_of(sentence).size();
    words += static_cast<double>(in_it);
    sentences += in_it > 0 ? 1 : 0;
    text.remove_prefix(std::min(sentence.size() + 1, text.size()));
  }
  return sentences > 0 ? words / static_cast<double>(sentences) : 0;
}

std::vector<std::string> banned_in(std::string_view text,
                                   const std::vector<std::string>& banned_words) {
  const auto words = words_of(text);
  std::vector<std::string> found;
  for (const auto& banned : banned_words)
    if (holds_phrase(words, fold(banned)))
      found.push_back(banned);
  return found;
}

seo_result score_seo(const product& item, const std::vector<std::string>& banned_words) {
  seo_result result;
  const auto title = wording::length(item.title);
  const auto description = wording::length(item.description);
  result.length = marks(title_share(title), 20)
                  + marks(std::min(1.0, static_cast<double>(description) / description_from), 10);

  const auto text = item.title + " " + item.description;
  const auto words = words_of(text);
  const auto keywords = keywords_of(item);
  for (const auto& keyword : keywords)
    if (!holds_phrase(words, keyword))
      result.missing_keywords.push_back(keyword);
  if (!keywords.empty())
    result.keywords = marks(1
                              - static_cast<double>(result.missing_keywords.size())
                                  / static_cast<double>(keywords.size()),
                            35);

  result.words_per_sentence = words_per_sentence(item.description);
  if (result.words_per_sentence > 0)
    result.readability = marks(
      std::clamp((hard_sentence - result.words_per_sentence) / (hard_sentence - easy_sentence), 0.0,
                 1.0),
      20);

  result.banned = banned_in(text, banned_words);
  result.clean = result.banned.empty() ? 15 : 0;
  result.score = result.length + result.keywords + result.readability + result.clean;
  return result;
}

limit_state check_title(std::string_view title, const marketplace_rules& rules) {
  const auto length = wording::length(title);
  if (rules.title_limit > 0 && length > rules.title_limit)
    return limit_state::too_long;
  return rules.title_warn > 0 && length > rules.title_warn ? limit_state::long_title
                                                           : limit_state::fits;
}

bool description_too_long(std::string_view description, const marketplace_rules& rules) {
  return rules.description_limit > 0 && wording::length(description) > rules.description_limit;
}

} // namespace flipsync::content
