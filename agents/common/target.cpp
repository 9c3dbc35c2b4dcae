#include "agents/common/target.hpp"

#include <algorithm>
#include <array>

#include "runtime/core/text/ascii.hpp"
#include "runtime/core/text/stem.hpp"

namespace flipsync {

namespace {

/// Words that name no product: English function words and what sellers ask about. Sorted.
constexpr std::array<std::string_view, 118> common_words{
  "a",           "about",   "after",       "all",      "am",        "an",        "and",
  "any",         "are",     "around",      "as",       "at",        "be",        "below",
  "best",        "buy",     "by",          "can",      "charge",    "compare",   "competitor",
  "competitors", "cost",    "cover",       "current",  "currently", "data",      "day",
  "days",        "demand",  "description", "did",      "do",        "does",      "fee",
  "fees",        "for",     "from",        "get",      "give",      "has",       "have",
  "help",        "how",     "i",           "if",       "in",        "inventory", "is",
  "it",          "its",     "keep",        "last",     "left",      "listing",   "low",
  "lower",       "margin",  "margins",     "market",   "me",        "month",     "much",
  "my",          "need",    "new",         "now",      "of",        "offer",     "on",
  "or",          "order",   "our",         "out",      "over",      "per",       "please",
  "price",       "prices",  "product",     "products", "raise",     "recommend", "reorder",
  "right",       "risk",    "rival",       "rivals",   "running",   "sales",     "sell",
  "selling",     "seo",     "shipping",    "should",   "show",      "sku",       "soon",
  "stock",       "suggest", "tell",        "than",     "that",      "the",       "their",
  "these",       "they",    "this",        "title",    "to",        "today",     "us",
  "velocity",    "we",      "week",        "what",     "when",      "which"};
static_assert(std::is_sorted(common_words.begin(), common_words.end()));

constexpr std::array<std::string_view, 6> more_common_words{"who",  "why",   "will",
                                                            "with", "would", "you"};

bool is_common(std::string_view word) {
  return std::binary_search(common_words.begin(), common_words.end(), word)
         || std::find(more_common_words.begin(), more_common_words.end(), word)
              != more_common_words.end();
}

bool is_letter(char c) { return ascii_upper(c) >= 'A' && ascii_upper(c) <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Up to 8 letters, an optional hyphen, then at least three digits and nothing else.
bool built_like_sku(std::string_view word) {
  std::size_t i = 0;
  while (i < word.size() && is_letter(word[i]))
    ++i;
  if (i == 0 || i > 8)
    return false;
  if (i < word.size() && word[i] == '-')
    ++i;
  const auto digits = word.substr(i);
  return digits.size() >= 3 && std::all_of(digits.begin(), digits.end(), is_digit);
}

std::string upper(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), ascii_upper);
  return out;
}

/// The words of a title before its first comma: what follows names a variant.
std::vector<std::string> main_words(std::string_view title) {
  auto words = words_of(title.substr(0, title.find(',')));
  for (auto& word : words)
    word = singular(word);
  return words;
}

/// The words of the text that are no category's or brand's: those name many products, not one.
std::vector<std::string> own_words(std::string_view text, const message_reading& message) {
  auto words = words_of(text);
  for (const auto& name : {message.category, message.brand})
    for (const auto& taken : words_of(name))
      std::erase_if(words, [&](const auto& word) { return singular(word) == singular(taken); });
  return words;
}

/// "jump ropes" of "Stridewell Active Jump Rope, Teal": all that is asked for stands in the title,
/// and a single word is what the title calls the thing, its last.
bool speaks_of(const std::vector<std::string>& words, const product& item) {
  const auto title = main_words(item.title);
  if (words.empty() || title.empty())
    return false;
  if (words.size() == 1)
    return singular(words.front()) == title.back();
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(title.begin(), title.end(), singular(word)) != title.end();
  });
}

} // namespace

std::string sku_like_word(const message_reading& message) {
  const std::string_view text = message.text;
  const auto part_of_word = [](char c) {
    // A letter beyond ASCII belongs to its word, which then is no SKU.
    return is_letter(c) || is_digit(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (!part_of_word(text[i])) {
      ++i;
      continue;
    }
    auto end = i;
    while (end < text.size() && part_of_word(text[end]))
      ++end;
    auto word = upper(text.substr(i, end - i));
    if (built_like_sku(word) && word != upper(message.order_id) && !word.starts_with("ORD"))
      return word;
    i = end;
  }
  return {};
}

std::vector<product_target> named_products(const message_reading& message, std::size_t limit) {
  std::vector<product_target> found;
  for (const auto& e : message.entities) {
    if (found.size() == limit)
      break;
    if (e.kind == entity_kind::sku)
      found.push_back({e.name, {}, true});
    else if (e.kind == entity_kind::product)
      found.push_back({{}, e.name, true});
  }
  if (found.empty() && !message.sku.empty() && limit > 0)
    found.push_back({message.sku, {}, true});
  return found;
}

product_target target_of(const message_reading& message) {
  if (!message.sku.empty())
    return {message.sku, {}, true};
  if (auto named = named_products(message, 1); !named.empty())
    return std::move(named.front());
  if (auto sku = sku_like_word(message); !sku.empty())
    return {std::move(sku), {}, true};
  product_target guess;
  for (const auto& word : words_of(message.subject)) {
    if (is_common(word))
      continue;
    if (!guess.text.empty())
      guess.text += ' ';
    guess.text += word;
  }
  return guess;
}

std::optional<product_dossier> dossier_query(const product_target& target) {
  if (target.sku.empty() && target.text.empty())
    return std::nullopt;
  return product_dossier{target.sku, target.text};
}

bool means(const message_reading& message, const product& item) {
  if (!message.sku.empty() && fold(message.sku) == fold(item.sku))
    return true;
  const auto title = words_of(item.title);
  const auto hits = static_cast<std::size_t>(
    std::count_if(title.begin(), title.end(), [&](const std::string& word) {
      return std::find(message.words.begin(), message.words.end(), word) != message.words.end();
    }));
  if (hits > 0 && hits * 2 >= title.size() && (hits >= 2 || title.size() == 1))
    return true;
  return speaks_of(own_words(target_of(message).text, message), item);
}

} // namespace flipsync
