#include "runtime/core/text/stem.hpp"

#include <array>
#include <utility>

namespace flipsync {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> irregular{{
  {"knives", "knife"},
  {"shelves", "shelf"},
  {"scarves", "scarf"},
  {"leaves", "leaf"},
  {"mice", "mouse"},
  {"children", "child"},
  {"women", "woman"},
  {"men", "man"},
}};

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

bool has_vowel(std::string_view word) {
  return word.find_first_of("aeiouy") != std::string_view::npos;
}

std::string_view without(std::string_view word, std::size_t letters) {
  return word.substr(0, word.size() - letters);
}

/// After a sibilant the plural takes "es".
bool takes_es(std::string_view word) {
  return word.ends_with("s") || word.ends_with("x") || word.ends_with("z") || word.ends_with("ch")
         || word.ends_with("sh");
}

/// "shipp" → "ship", but "sell", "pass" and "buzz" keep their pair.
std::string_view undouble(std::string_view word) {
  const auto n = word.size();
  if (n < 3 || word[n - 1] != word[n - 2] || is_vowel(word[n - 1]))
    return word;
  const char c = word[n - 1];
  return c == 'l' || c == 's' || c == 'z' ? word : without(word, 1);
}

/// Takes a verb's ending off where a word of some length with a vowel is left ("red", "ring" stay).
std::string_view without_verb_ending(std::string_view word) {
  for (const std::string_view ending : {"ing", "ed"}) {
    if (!word.ends_with(ending))
      continue;
    const auto rest = without(word, ending.size());
    if (rest.size() >= 3 && has_vowel(rest))
      return undouble(rest);
  }
  return word;
}

} // namespace

std::string singular(std::string_view word) {
  for (const auto& [many, one] : irregular)
    if (word == many)
      return std::string{one};
  if (word.size() < 4 || !word.ends_with("s") || word.ends_with("ss") || word.ends_with("us")
      || word.ends_with("is"))
    return std::string{word};
  if (word.ends_with("ies"))
    return word.size() > 4 ? std::string{without(word, 3)} + "y" : std::string{without(word, 1)};
  if (word.ends_with("es") && takes_es(without(word, 2)) && !word.ends_with("ses"))
    return std::string{without(word, 2)};
  if (word.ends_with("sses"))
    return std::string{without(word, 2)};
  return std::string{without(word, 1)};
}

std::string_view singular_in_ie(std::string_view word) noexcept {
  return word.size() > 4 && word.ends_with("ies") ? without(word, 1) : std::string_view{};
}

std::string_view irregular_form(std::string_view word) noexcept {
  for (const auto& [many, one] : irregular)
    if (word == many || word == one)
      return word == many ? one : many;
  return {};
}

std::string plural(std::string_view word) {
  for (const auto& [many, one] : irregular)
    if (word == one)
      return std::string{many};
  const auto n = word.size();
  if (n >= 2 && word[n - 1] == 'y' && !is_vowel(word[n - 2]))
    return std::string{without(word, 1)} + "ies";
  return std::string{word} + (takes_es(word) ? "es" : "s");
}

std::string stem(std::string_view word) {
  auto one = singular(word);
  std::string_view root = without_verb_ending(one);
  // Short words keep their e, or "wine" would be "win".
  if (root.size() > 4 && root.ends_with("e"))
    root = without(root, 1);
  return root.ends_with("y") && root.size() > 3 ? std::string{without(root, 1)} + "i"
                                                : std::string{root};
}

} // namespace flipsync
