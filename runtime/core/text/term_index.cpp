#include "runtime/core/text/term_index.hpp"

#include <algorithm>

#include "runtime/core/text/stem.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

/// Shorter words have too many neighbours that are words themselves.
constexpr std::size_t shortest_guessed = 5;
/// Longer "words" are no words; leaving out each letter in turn would cost for nothing.
constexpr std::size_t longest_guessed = 20;
/// Words that a `*` may stand for.
constexpr std::size_t widest_gap = 3;

bool worth_guessing(std::string_view word) {
  return word.size() >= shortest_guessed && word.size() <= longest_guessed;
}

std::uint64_t edge_key(std::uint32_t node, std::uint32_t word) {
  return (std::uint64_t{node} << 32) | word;
}

/// Calls `f` with the word and with every form that lacks one letter.
template <class F>
void for_each_shortening(std::string_view word, F&& f) {
  f(word);
  std::string shorter;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (at > 0 && word[at] == word[at - 1])
      continue; // leaving out either of a pair gives the same
    shorter.assign(word.substr(0, at));
    shorter.append(word.substr(at + 1));
    f(std::string_view{shorter});
  }
}

} // namespace

bool within_one_edit(std::string_view a, std::string_view b) noexcept {
  if (a.size() > b.size())
    std::swap(a, b);
  if (b.size() - a.size() > 1)
    return false;
  std::size_t front = 0;
  while (front < a.size() && a[front] == b[front])
    ++front;
  const auto rest_a = a.substr(front);
  const auto rest_b = b.substr(front);
  if (rest_b.empty())
    return true;
  if (rest_a.size() < rest_b.size())
    return rest_a == rest_b.substr(1);
  if (rest_a.substr(1) == rest_b.substr(1))
    return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0]
         && rest_a.substr(2) == rest_b.substr(2);
}

void term_index::learn_spelling(const std::string& word, word_id id) {
  for_each_shortening(word, [&](std::string_view form) {
    auto& known = near_[std::string{form}];
    const auto same = [&](const spelled& s) { return s.word == word; };
    if (std::none_of(known.begin(), known.end(), same))
      known.push_back({word, id});
  });
}

term_index::word_id term_index::intern(const std::string& word) {
  const auto next = static_cast<word_id>(ids_.size() + 1);
  const auto id = ids_.try_emplace(stem(word), next).first->second;
  if (worth_guessing(word))
    learn_spelling(word, id);
  return id;
}

std::uint32_t term_index::child(std::uint32_t node, word_id word) const {
  const auto edge = edges_.find(edge_key(node, word));
  return edge == edges_.end() ? 0 : edge->second;
}

std::uint32_t term_index::grow(std::uint32_t node, word_id word) {
  const auto fresh = static_cast<std::uint32_t>(nodes_.size());
  const auto [edge, is_new] = edges_.try_emplace(edge_key(node, word), fresh);
  if (is_new)
    nodes_.emplace_back();
  return edge->second;
}

void term_index::add(std::uint32_t owner, double weight, std::string_view text) {
  std::uint32_t at = 0;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('*', begin), text.size());
    const auto words = words_of(text.substr(begin, end - begin));
    // A gap counts only between words; at the ends it would say nothing.
    if (at != 0 && begin != 0 && !words.empty()) {
      if (nodes_[at].gap == 0) {
        nodes_[at].gap = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
      }
      at = nodes_[at].gap;
    }
    for (const auto& word : words)
      at = grow(at, intern(word)), ++count;
    begin = end + 1;
  }
  if (at == 0)
    return;
  nodes_[at].terms.push_back(static_cast<std::uint32_t>(terms_.size()));
  terms_.push_back({owner, weight, std::string{text}, count});
}

term_index::word_id term_index::guess(std::string_view word) const {
  word_id found = 0;
  for_each_shortening(word, [&](std::string_view form) {
    const auto candidates = found == 0 ? near_.find(form) : near_.end();
    if (candidates == near_.end())
      return;
    for (const auto& [spelling, id] : candidates->second) {
      // People hardly ever get the first letter wrong, and it keeps unlike words apart.
      if (found == 0 && spelling.front() == word.front() && within_one_edit(spelling, word))
        found = id;
    }
  });
  return found;
}

term_index::read_word term_index::read(const std::string& word, bool fixed) const {
  if (const auto at = ids_.find(stem(word)); at != ids_.end())
    return {at->second, false};
  if (fixed || !worth_guessing(word))
    return {};
  const auto id = guess(word);
  return {id, id != 0};
}

void term_index::walk(const std::vector<read_word>& ids, std::size_t from, step at,
                      std::vector<hit>& out) const {
  for (; at.word < ids.size() && ids[at.word].id != 0; ++at.word) {
    const auto next = child(at.node, ids[at.word].id);
    if (next == 0)
      return;
    at.node = next;
    at.misspelt = at.misspelt || ids[at.word].misspelt;
    for (const auto term : nodes_[at.node].terms)
      out.push_back({term, from, at.word - from + 1, at.misspelt});
    if (const auto gap = nodes_[at.node].gap; gap != 0)
      for (std::size_t skipped = 0; skipped <= widest_gap; ++skipped)
        walk(ids, from, {at.word + 1 + skipped, gap, at.misspelt}, out);
  }
}

std::vector<term_index::hit> term_index::find(const std::vector<std::string>& words,
                                              const std::vector<bool>& fixed) const {
  std::vector<read_word> ids;
  ids.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    ids.push_back(read(words[i], i < fixed.size() && fixed[i]));
  std::vector<hit> out;
  const auto longer = [](const hit& a, const hit& b) { return a.words > b.words; };
  for (std::size_t from = 0; from < ids.size(); ++from) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    walk(ids, from, {from, 0, false}, out);
    std::stable_sort(out.begin() + begin, out.end(), longer);
  }
  return out;
}

} // namespace flipsync
