#include "runtime/core/text/vocabulary.hpp"

#include <algorithm>
#include <utility>

#include "runtime/core/text/stem.hpp"

namespace flipsync {

namespace {

/// FNV-1a with a final mix; stable over runs and machines.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t h = 0xCBF29CE484222325u;
  for (const char c : text)
    h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  h ^= h >> 32;
  return h * 0x9E3779B97F4A7C15u;
}

std::uint32_t count_words(std::string_view folded) {
  return static_cast<std::uint32_t>(1 + std::count(folded.begin(), folded.end(), ' '));
}

std::string_view first_word(std::string_view folded) { return folded.substr(0, folded.find(' ')); }

/// Less than 2 MB; a large shop's titles have some ten thousand.
constexpr std::size_t most_words = 40'000;

bool says_little(std::string_view folded) {
  const auto numeric = [](char c) { return (c >= '0' && c <= '9') || c == ' '; };
  return folded.size() < 2 || std::all_of(folded.begin(), folded.end(), numeric);
}

/// A message's words as one string, in which any run of words is a substring.
struct joined_words {
  std::string text;
  std::vector<std::size_t> ends;

  explicit joined_words(const std::vector<std::string>& words) {
    ends.reserve(words.size());
    for (const auto& word : words) {
      if (!text.empty())
        text += ' ';
      text += word;
      ends.push_back(text.size());
    }
  }

  [[nodiscard]] std::string_view run(std::size_t first, std::size_t count) const {
    const auto begin = first == 0 ? 0 : ends[first - 1] + 1;
    return std::string_view{text}.substr(begin, ends[first + count - 1] - begin);
  }
};

} // namespace

void vocabulary::put(std::string key, named value) {
  note_start(key);
  const auto [at, fresh] = names_.try_emplace(std::move(key), value);
  auto& known = at->second;
  const bool wins = std::pair{value.inflected, value.kind} < std::pair{known.inflected, known.kind};
  if (!fresh && wins)
    known = std::move(value);
}

void vocabulary::note_start(std::string_view folded) {
  const auto first = first_word(folded);
  auto known = starts_.find(first);
  if (known == starts_.end())
    known = starts_.emplace(first, 0).first;
  known->second = std::max(known->second, count_words(folded));
}

void vocabulary::note_words(std::string_view folded) {
  while (!folded.empty() && words_.size() < most_words) {
    const auto word = first_word(folded);
    folded.remove_prefix(std::min(word.size() + 1, folded.size()));
    const bool is_number = std::any_of(word.begin(), word.end(), [](char c) { return c <= '9'; });
    // Most words of a catalogue come again and again.
    if (is_number || word.size() < 2 || !words_.insert(hash_of(word)).second)
      continue;
    words_.insert(hash_of(singular(word)));
    if (const auto in_ie = singular_in_ie(word); !in_ie.empty())
      words_.insert(hash_of(in_ie));
  }
}

bool vocabulary::has_word(std::string_view word) const {
  const auto knows = [&](std::string_view form) {
    return !form.empty() && words_.contains(hash_of(form));
  };
  return knows(word) || knows(singular(word)) || knows(singular_in_ie(word))
         || knows(irregular_form(word));
}

void vocabulary::add(entity_kind kind, std::string_view name) {
  if (kind == entity_kind::product)
    return add_product(name);
  if (kind == entity_kind::sku)
    return add_sku(name);
  auto key = fold(name);
  if (key.empty() || (kind == entity_kind::attribute && says_little(key)))
    return;
  if (kind == entity_kind::category) {
    note_words(key);
    const std::string spelled{name};
    if (std::find(categories_.begin(), categories_.end(), spelled) == categories_.end())
      categories_.push_back(spelled);
    const auto last = key.rfind(' ') + 1; // npos + 1 is 0: a name of one word
    const auto spoken = std::string_view{key}.substr(last);
    const auto one = singular(spoken);
    for (const auto& form : {one, plural(one), std::string{singular_in_ie(spoken)}})
      if (!form.empty())
        put(key.substr(0, last) + form, {kind, spelled, true});
  }
  put(std::move(key), {kind, std::string{name}, false});
}

void vocabulary::add_product(std::string_view title) { add_folded_product(fold(title)); }

void vocabulary::add_folded_product(std::string_view title) {
  if (says_little(title))
    return;
  note_start(title);
  note_words(title);
  products_.insert(hash_of(title));
}

void vocabulary::add_sku(std::string_view sku) {
  auto key = fold(sku);
  // "10" in a message is a number before it is a SKU.
  if (key.empty() || (key.size() < 3 && says_little(key)))
    return;
  note_start(key);
  skus_.try_emplace(std::move(key), sku);
}

void vocabulary::add_measure(std::string_view name) {
  // Words that say something else before a number, and what is too short to say anything.
  constexpr std::string_view others[] = {"price", "cost", "min", "max", "for", "per", "the", "and"};
  const auto key = fold(name);
  for (auto& word : words_of(name)) {
    if (word.size() < 3
        || std::find(std::begin(others), std::end(others), word) != std::end(others))
      continue;
    const auto [at, fresh] = measures_.try_emplace(std::move(word), key);
    if (!fresh && count_words(key) < count_words(at->second))
      at->second = key;
  }
}

std::string_view vocabulary::measure_of(std::string_view word) const {
  const auto at = measures_.find(word);
  return at == measures_.end() ? std::string_view{} : std::string_view{at->second};
}

bool vocabulary::match(std::string_view text, entity& found) const {
  if (const auto at = skus_.find(text); at != skus_.end()) {
    found.kind = entity_kind::sku;
    found.name = at->second;
    return true;
  }
  if (const auto at = names_.find(text); at != names_.end()) {
    found.kind = at->second.kind;
    found.name = at->second.name;
    return true;
  }
  if (products_.contains(hash_of(text))) {
    found.kind = entity_kind::product;
    found.name = std::string{text};
    return true;
  }
  return false;
}

std::vector<entity> vocabulary::find(const std::vector<std::string>& words) const {
  std::vector<entity> out;
  if (empty())
    return out;
  const joined_words message{words};
  for (std::size_t at = 0; at < words.size();) {
    const auto start = starts_.find(std::string_view{words[at]});
    std::size_t step = 1;
    if (start != starts_.end()) {
      for (std::size_t n = std::min<std::size_t>(start->second, words.size() - at); n > 0; --n) {
        entity found;
        if (!match(message.run(at, n), found))
          continue;
        found.first_word = at;
        found.words = n;
        out.push_back(std::move(found));
        step = n;
        break;
      }
    }
    at += step;
  }
  return out;
}

} // namespace flipsync
