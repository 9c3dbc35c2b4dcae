#include <algorithm>
#include <array>
#include <functional>

#include "runtime/core/agent/message_references.hpp"
#include "runtime/core/agent/skill.hpp"

namespace flipsync {

namespace {

using reading::message_parts;

/// Words that name nothing one could look up in a catalogue: function words, courtesy, words of
/// price and praise. Sorted.
constexpr std::array<std::string_view, 195> stop_words{
  "a",         "about",     "above",      "add",       "affordable", "all",     "also",     "am",
  "an",        "and",       "another",    "any",       "anybody",    "anyone",  "anything", "are",
  "around",    "as",        "at",         "available", "be",         "been",    "below",    "best",
  "between",   "but",       "buy",        "by",        "can",        "cannot",  "cant",     "cart",
  "cheap",     "cheaper",   "cheapest",   "compare",   "cool",       "cost",    "costs",    "could",
  "currently", "did",       "difference", "do",        "does",       "dollar",  "dollars",  "dont",
  "else",      "expensive", "find",       "for",       "from",       "get",     "give",     "good",
  "got",       "great",     "had",        "has",       "have",       "hello",   "help",     "hey",
  "hi",        "how",       "i",          "id",        "if",         "ill",     "im",       "in",
  "is",        "it",        "its",        "ive",       "just",       "kind",    "know",     "less",
  "let",       "like",      "list",       "looking",   "lot",        "many",    "max",      "may",
  "me",        "might",     "min",        "more",      "most",       "much",    "my",       "need",
  "never",     "new",       "nice",       "no",        "not",        "nothing", "now",      "of",
  "offer",     "ok",        "okay",       "on",        "one",        "ones",    "only",     "or",
  "order",     "other",     "our",        "out",       "over",       "pay",     "paying",   "per",
  "please",    "pls",       "price",      "priced",    "prices",     "product", "products", "put",
  "really",    "recommend", "right",      "see",       "sell",       "sells",   "should",   "show",
  "so",        "some",      "someone",    "something", "sort",       "spend",   "spending", "stock",
  "such",      "suggest",   "sure",       "tell",      "than",       "thank",   "thanks",   "that",
  "thats",     "the",       "their",      "them",      "then",       "there",   "these",    "they",
  "thing",     "things",    "this",       "those",     "to",         "today",   "too",      "try",
  "type",      "u",         "under",      "up",        "us",         "very",    "want",     "was",
  "we",        "well",      "were",       "what",      "whats",      "when",    "where",    "which",
  "who",       "will",      "with",       "within",    "wont",       "worth",   "would",    "you",
  "your",      "youre",     "yours"};
static_assert(std::is_sorted(stop_words.begin(), stop_words.end()));

/// Figures of speech: a catalogue's word within one is no category and no product.
constexpr std::array<std::string_view, 11> idioms{
  "running low", "running out", "running short", "run low", "run out", "run short",
  "runs low",    "runs out",    "runs short",    "ran low", "ran out"};

bool is_stop_word(std::string_view word) {
  return std::binary_search(stop_words.begin(), stop_words.end(), word);
}

bool is_folded(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' '
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ';
            });
}

/// Marks the words of every configured inquiry phrase; true if there was one.
class phrase_marker {
public:
  explicit phrase_marker(const std::vector<std::string>& words) : words_{words} {
    for (const auto& word : words)
      if (!word.empty())
        beginnings_[static_cast<unsigned char>(word.front())] = true;
  }

  bool mark(std::string_view phrase, message_parts& parts) const {
    // Most phrases begin like no word of the message. A letter or digit stays itself when folded.
    if (!phrase.empty() && begins_plain(phrase.front())
        && !beginnings_[static_cast<unsigned char>(phrase.front())])
      return false;
    // Shipped phrases are written folded; only a user's own may need work.
    if (is_folded(phrase))
      return mark_folded(phrase, parts);
    const auto folded = fold(phrase);
    return !folded.empty() && mark_folded(folded, parts);
  }

private:
  static bool begins_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

  bool mark_folded(std::string_view phrase, message_parts& parts) const {
    bool found = false;
    for (std::size_t at = 0; at < words_.size(); ++at) {
      if (!words_[at].empty() && words_[at].front() != phrase.front())
        continue;
      const auto count = length_at(at, phrase);
      if (count > 0)
        parts.use(at, count), found = true;
    }
    return found;
  }

  /// How many words from `at` on are exactly the phrase; 0 if they are not.
  [[nodiscard]] std::size_t length_at(std::size_t at, std::string_view phrase) const {
    for (std::size_t count = 0; at + count < words_.size(); ++count) {
      const std::string_view word = words_[at + count];
      if (!phrase.starts_with(word))
        return 0;
      phrase.remove_prefix(word.size());
      if (phrase.empty())
        return count + 1;
      if (phrase.front() != ' ')
        return 0;
      phrase.remove_prefix(1);
    }
    return 0;
  }

  const std::vector<std::string>& words_;
  std::array<bool, 256> beginnings_{}; ///< of the words
};

bool is_thing(entity_kind kind) { return kind != entity_kind::attribute; }

/// Which words belong to a catalogue name of those kinds.
template <class Wanted>
std::vector<bool> words_of_entities(const message_reading& out, Wanted wanted) {
  std::vector<bool> mine(out.words.size(), false);
  for (const auto& hit : out.entities)
    if (wanted(hit.kind))
      std::fill_n(mine.begin() + static_cast<std::ptrdiff_t>(hit.first_word), hit.words, true);
  return mine;
}

/// Forgets catalogue names that stand within a figure of speech; its words are marked.
void drop_idioms(const phrase_marker& marker, message_parts& parts, message_reading& out) {
  for (const auto idiom : idioms)
    marker.mark(idiom, parts);
  std::erase_if(out.entities, [&](const entity& hit) {
    const auto first = parts.used.begin() + static_cast<std::ptrdiff_t>(hit.first_word);
    return std::all_of(first, first + static_cast<std::ptrdiff_t>(hit.words),
                       [](bool marked) { return marked; });
  });
}

/// Takes over what the catalogue's words say.
void read_entities(message_reading& out) {
  for (const auto& hit : out.entities) {
    if (hit.kind == entity_kind::category && out.category.empty())
      out.category = hit.name;
    else if (hit.kind == entity_kind::brand && out.brand.empty())
      out.brand = hit.name;
    else if (hit.kind == entity_kind::sku && out.sku.empty())
      out.sku = hit.name;
  }
}

/// The words that belong to what may stand for a product, and to an order's id.
std::vector<bool> named_words(const message_reading& out) {
  auto named = words_of_entities(out, is_thing);
  const auto order = words_of(out.order_id);
  const auto at = std::search(out.words.begin(), out.words.end(), order.begin(), order.end());
  if (!order.empty() && at != out.words.end())
    std::fill_n(named.begin() + (at - out.words.begin()), order.size(), true);
  return named;
}

/// What is left of the message. Catalogue names stay whole, stop words in them included; a SKU is
/// no text to search for. Where nothing but a category is left, it is the category as the catalogue
/// spells it.
std::string subject_of(const message_reading& out, const message_parts& parts,
                       const std::vector<bool>& catalogue) {
  std::vector<bool> keep(out.words.size(), false);
  bool only_category = !out.category.empty();
  for (std::size_t at = 0; at < keep.size(); ++at) {
    keep[at] = catalogue[at] || (!parts.used[at] && !is_stop_word(out.words[at]));
    only_category = only_category && (catalogue[at] || !keep[at]);
  }
  for (const auto& hit : out.entities) {
    if (hit.kind == entity_kind::sku)
      std::fill_n(keep.begin() + static_cast<std::ptrdiff_t>(hit.first_word), hit.words, false);
    else if (hit.kind != entity_kind::category)
      only_category = false;
  }
  if (only_category)
    return out.category;
  std::string subject;
  for (std::size_t at = 0; at < keep.size(); ++at) {
    if (!keep[at])
      continue;
    if (!subject.empty())
      subject += ' ';
    subject += out.words[at];
  }
  return subject;
}

} // namespace

message_reading read_message(std::string_view message, const vocabulary& words,
                             const shop_rules& rules,
                             const std::vector<std::string>& earlier_skus) {
  message_reading out;
  out.text = std::string{message};
  out.words = words_of(message);
  out.entities = words.find(out.words);

  message_parts parts{reading::tokens_of(message), std::vector<bool>(out.words.size(), false)};
  const phrase_marker marker{out.words};
  drop_idioms(marker, parts, out);
  const auto spoken = parts.used;
  reading::drop_counted_skus(parts, out);
  read_entities(out);
  // The 40 of a "Backpack 40L" is no quantity, but a size that many products share ("2 kg") may
  // still be a parcel's weight.
  parts.used = words_of_entities(out, is_thing);
  std::transform(spoken.begin(), spoken.end(), parts.used.begin(), parts.used.begin(),
                 std::logical_or<>{});
  reading::read_references(parts, out);
  reading::read_numbers(parts, out);
  reading::resolve_pronoun(earlier_skus, named_words(out), parts, out);

  out.product_inquiry = !out.entities.empty();
  for (const auto& phrase : rules.inquiry_phrases)
    out.product_inquiry = marker.mark(phrase, parts) || out.product_inquiry;
  out.subject = subject_of(out, parts, words_of_entities(out, [](entity_kind) { return true; }));
  return out;
}

} // namespace flipsync
