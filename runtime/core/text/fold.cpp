#include <array>
#include <cstdint>

#include "runtime/core/text/utf8.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

/// U+00C0 to U+017F without their accents; an empty entry separates words.
constexpr std::array<std::string_view, 192> latin{
  // U+00C0
  "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", //
  "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss", //
  "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", //
  "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",  //
  // U+0100
  "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d",   //
  "d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",   //
  "g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i",   //
  "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l", //
  "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o",   //
  "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s", //
  "s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u",   //
  "u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s",   //
};

bool is_apostrophe(char32_t c) { return c == 0x2018 || c == 0x2019; }

bool is_combining_accent(char32_t c) { return c >= 0x0300 && c <= 0x036F; }

/// Letters beyond Latin keep their place in a word, so that a Greek or Japanese catalogue is found
/// too; punctuation, symbols and emoji separate.
bool is_other_letter(char32_t c) {
  return (c >= 0x0370 && c <= 0x1FFF && c != 0x037E && c != 0x0387) || (c >= 0x2C00 && c <= 0x2DFF)
         || (c >= 0x3040 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDFF)
         || (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x20000 && c <= 0x3FFFF);
}

char32_t lower_other(char32_t c) {
  const bool greek_or_cyrillic = (c >= 0x0391 && c <= 0x03A9) || (c >= 0x0410 && c <= 0x042F);
  if (greek_or_cyrillic)
    return c + 0x20;
  return c >= 0x0400 && c <= 0x040F ? c + 0x50 : c;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Appends the folded form of `c`, which is not ASCII, to the word; false if `c` ends the word.
bool append_folded(std::string& word, char32_t c) {
  if (is_apostrophe(c) || is_combining_accent(c))
    return true;
  if (c >= 0xC0 && c <= 0x17F) {
    word += latin[c - 0xC0];
    return !latin[c - 0xC0].empty();
  }
  if (!is_other_letter(c))
    return false;
  append_utf8(word, lower_other(c));
  return true;
}

/// ASCII in one step, since nearly all text is: the folded letter or digit; 0 ends the word; 1 is
/// left out (apostrophes).
constexpr std::array<char, 128> ascii = [] {
  std::array<char, 128> table{};
  for (std::size_t i = 0; i < 26; ++i)
    table['a' + i] = table['A' + i] = static_cast<char>('a' + i);
  for (std::size_t i = 0; i < 10; ++i)
    table['0' + i] = static_cast<char>('0' + i);
  table['\''] = table['`'] = 1;
  return table;
}();

/// Folds into `word`, and calls `end_word` wherever a word may have ended.
template <class EndWord>
void fold_words(std::string_view text, std::string& word, EndWord end_word) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < ascii.size()) {
      const char folded = ascii[byte];
      if (folded == 0)
        end_word();
      else if (folded != 1)
        word += folded;
      ++at;
      continue;
    }
    const auto here = decode_utf8(text, at);
    if (here.size == 0 || !append_folded(word, here.point))
      end_word();
    at += here.size == 0 ? 1 : here.size;
  }
  end_word();
}

} // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  words.reserve(text.size() / 5 + 1);
  std::string word;
  fold_words(text, word, [&] {
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
  });
  return words;
}

std::size_t word_count(std::string_view text) {
  std::size_t count = 0;
  std::string word;
  fold_words(text, word, [&] {
    count += word.empty() ? 0 : 1;
    word.clear();
  });
  return count;
}

namespace {

/// Folds plain ASCII, which nearly all text is, into `out`; false, with `out` as it was, if there
/// is anything else.
bool fold_ascii(std::string_view text, std::string& out) {
  out.resize(text.size() + 1);
  auto* end = out.data();
  bool apart = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ascii.size()) {
      out.clear();
      return false;
    }
    const char folded = ascii[byte];
    if (folded > 1) {
      if (apart && end != out.data())
        *end++ = ' ';
      apart = false;
      *end++ = folded;
    } else if (folded == 0) {
      apart = true;
    }
  }
  out.resize(static_cast<std::size_t>(end - out.data()));
  return true;
}

} // namespace

std::string fold(std::string_view text) {
  std::string out;
  if (fold_ascii(text, out))
    return out;
  out.reserve(text.size() + 1);
  // A space is put after each word; the last one is taken off.
  fold_words(text, out, [&] {
    if (!out.empty() && out.back() != ' ')
      out += ' ';
  });
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

namespace {

/// What a text folds to begins with this; 0 where only folding it whole can tell.
char first_folded(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ascii.size())
      return 0;
    if (ascii[byte] > 1)
      return ascii[byte];
  }
  return 0;
}

} // namespace

bool folds_alike(std::string_view a, std::string_view b) {
  const char first = first_folded(a);
  const char second = first_folded(b);
  if (first != 0 && second != 0 && first != second)
    return false;
  return fold(a) == fold(b);
}

} // namespace flipsync
