#include "runtime/core/text/term_index.hpp"

#include "runtime/core/text/stem.hpp"
#include "runtime/core/text/vocabulary.hpp"

#include <algorithm>

namespace flipsync {

namespace {

/// Shorter words have too many neighbours that are words themselves.
constexpr std::size_t shortest_guessed = 5;
/// Longer "words" are no words; leaving out each letter in turn would cost for nothing.
constexpr std::size_t longest_guessed = 20;

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
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
         rest_a.substr(2) == rest_b.substr(2);
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

void term_index::add(std::uint32_t owner, double weight, std::string_view text) {
  const auto words = words_of(text);
  if (words.empty())
    return;
  std::uint32_t at = 0;
  for (const auto& word : words) {
    const auto fresh = static_cast<std::uint32_t>(nodes_.size());
    const auto [edge, is_new] = edges_.try_emplace(edge_key(at, intern(word)), fresh);
    if (is_new)
      nodes_.emplace_back();
    at = edge->second;
  }
  nodes_[at].terms.push_back(static_cast<std::uint32_t>(terms_.size()));
  terms_.push_back({owner, weight, std::string{text}});
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

void term_index::walk(const std::vector<read_word>& ids, std::size_t from,
                      std::vector<hit>& out) const {
  const auto begin = out.size();
  std::uint32_t at = 0;
  bool misspelt = false;
  for (std::size_t i = from; i < ids.size() && ids[i].id != 0; ++i) {
    const auto edge = edges_.find(edge_key(at, ids[i].id));
    if (edge == edges_.end())
      break;
    at = edge->second;
    misspelt = misspelt || ids[i].misspelt;
    for (const auto term : nodes_[at].terms)
      out.push_back({term, from, i - from + 1, misspelt});
  }
  const auto longer = [](const hit& a, const hit& b) { return a.words > b.words; };
  std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), longer);
}

std::vector<term_index::hit> term_index::find(const std::vector<std::string>& words,
                                              const std::vector<bool>& fixed) const {
  std::vector<read_word> ids;
  ids.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    ids.push_back(read(words[i], i < fixed.size() && fixed[i]));
  std::vector<hit> out;
  for (std::size_t from = 0; from < ids.size(); ++from)
    walk(ids, from, out);
  return out;
}

} // namespace flipsync
