#include <algorithm>
#include <array>
#include <functional>

#include "runtime/core/agent/message_exclusions.hpp"
#include "runtime/core/agent/message_references.hpp"
#include "runtime/core/agent/message_stop_words.hpp"
#include "runtime/core/agent/skill.hpp"
#include "runtime/core/text/stem.hpp"

namespace flipsync {

namespace {

using reading::is_stop_word;
using reading::message_parts;

/// Figures of speech: a catalogue's word within one is no category and no product.
constexpr std::array<std::string_view, 11> idioms{
  "running low", "running out", "running short", "run low", "run out", "run short",
  "runs low",    "runs out",    "runs short",    "ran low", "ran out"};

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
  out.category.clear();
  out.brand.clear();
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
/// no text to search for. Where nothing but one category is left, it is the category as the
/// catalogue spells it.
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
    else if (hit.kind != entity_kind::category || hit.name != out.category)
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

/// Finds the topics whose word is there as it is, or in plural.
void read_topics(const phrase_marker& marker, const shop_rules& rules, message_reading& out) {
  message_parts held{{}, std::vector<bool>(out.words.size(), false)};
  for (std::size_t i = 0; i < rules.topics.size(); ++i) {
    const auto& topic = rules.topics[i];
    const auto is_plural = [&](const std::string& word) {
      return word.size() > topic.word.size() && !topic.word.empty()
             && word.front() == topic.word.front() && singular(word) == topic.word;
    };
    if (!marker.mark(topic.word, held)
        && std::none_of(out.words.begin(), out.words.end(), is_plural))
      continue;
    out.topics.push_back(i);
    out.topic_answered = out.topic_answered || !topic.answer.empty();
  }
}

/// What may stand beside a thing's name where nothing else is said: "some gel pens, please".
constexpr std::array<std::string_view, 18> beside_names{
  "a",  "an",  "and", "any", "best",   "cheap", "for",  "from", "good",
  "in", "new", "of",  "or",  "please", "size",  "some", "the",  "with"};
/// Words that ask for goods, whatever they are.
constexpr std::array<std::string_view, 5> superlatives{"affordable", "best", "cheap", "cheaper",
                                                       "cheapest"};

/// "65 W", "M": what a product is told by, but not named.
bool is_measure(const std::vector<std::string>& words, std::size_t at) {
  const auto has_digit = [&](std::size_t word) {
    return std::any_of(words[word].begin(), words[word].end(), reading::is_digit);
  };
  return words[at].size() < 3 || has_digit(at)
         || (at > 0 && has_digit(at - 1) && words[at].size() < 6);
}

/// "Turntable", "power bank 20000 mAh", "what's the cheapest turntable": all that is said are words
/// of products' names, and nothing is said about them or a superlative asks.
bool is_of_goods(const message_reading& out, const message_parts& parts, const vocabulary& words) {
  bool named = false;
  bool bare = true;
  bool superlative = false;
  for (const auto& t : parts.tokens)
    for (auto at = t.first; at < t.first + t.words; ++at) {
      const std::string_view word = out.words[at];
      superlative = superlative || reading::one_of(word, superlatives);
      if (parts.used[at])
        continue;
      // The "on" of a "carry-on" is the name's.
      if (is_stop_word(word) && t.words == 1)
        bare = bare && reading::one_of(word, beside_names);
      else if (words.has_word(word))
        named = true;
      else if (!is_measure(out.words, at))
        return false;
    }
  return named && (bare || superlative);
}

} // namespace

message_reading read_message(std::string_view message, const vocabulary& words,
                             const shop_rules& rules, const earlier_talk& earlier) {
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
  reading::read_numbers(parts, out, words);
  reading::resolve_order(earlier, out);
  reading::resolve_pronoun(earlier, named_words(out), parts, out);

  out.product_inquiry = !out.entities.empty();
  for (const auto& phrase : rules.inquiry_phrases)
    out.product_inquiry = marker.mark(phrase, parts) || out.product_inquiry;
  read_topics(marker, rules, out);
  out.names_goods = !out.product_inquiry && is_of_goods(out, parts, words);
  if (reading::read_exclusions(parts, out))
    read_entities(out);
  out.subject = subject_of(out, parts, words_of_entities(out, [](entity_kind) { return true; }));
  return out;
}

} // namespace flipsync
