#include "runtime/core/agent/message_tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::reading {

namespace {

constexpr std::array<std::string_view, 3> currency_signs{"$", "€", "£"};
constexpr std::array<std::string_view, 3> range_signs{"-", "–", "—"};
constexpr std::array<std::pair<std::string_view, char>, 8> comparison_signs{{{"<=", '<'},
                                                                             {"≤", '<'},
                                                                             {"<", '<'},
                                                                             {">=", '>'},
                                                                             {"≥", '>'},
                                                                             {">", '>'},
                                                                             {"~", '~'},
                                                                             {"≈", '~'}}};
constexpr std::string_view opening = "([{\"'<*~=:";
constexpr std::string_view pauses = ".,;:!?";
constexpr std::string_view closing = ")]}\"'>*~.,;:!?";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && opening.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && closing.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

bool take_currency(std::string_view& text) {
  for (const auto sign : currency_signs) {
    if (text.starts_with(sign)) {
      text.remove_prefix(sign.size());
      return true;
    }
  }
  return false;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count]))
    ++count;
  return count;
}

/// Takes digits with grouping commas and one decimal point off the front; empty if there are none.
/// A comma before three digits groups ("1,299"), one before one or two is a decimal comma
/// ("12,50"), as is one in a number that begins with 0 ("0,125").
std::string take_digits(std::string_view& text) {
  const bool zero = text.starts_with('0');
  std::string digits;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c)) {
      digits += c;
      continue;
    }
    const auto following = digits_at(text, at + 1);
    const bool fraction = c == '.' || (c == ',' && (following < 3 || zero));
    const bool thousands = c == ',' && following == 3;
    if (point || at == 0 || following == 0 || !(fraction || thousands))
      break;
    if (fraction)
      digits += '.', point = true;
  }
  text.remove_prefix(at);
  return digits;
}

/// Fills the number's fields if the text is one; "4th", "B12" and "1.2.3" are none.
void read_number(std::string_view text, token& out) {
  if (text.starts_with('#')) {
    out.hash = true;
    text.remove_prefix(1);
  }
  bool currency = take_currency(text);
  const auto digits = take_digits(text);
  if (digits.empty() || digits.size() > 18)
    return;
  currency = take_currency(text) || currency;
  std::string unit;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
    if (!letter || unit.size() == 8)
      return;
    unit += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  if (unit == "st" || unit == "nd" || unit == "rd" || unit == "th")
    return;
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (currency && unit == "k") {
    value *= 1000;
    unit.clear();
  }
  out.number = value;
  out.whole = value == std::floor(value);
  out.currency = currency;
  out.unit = std::move(unit);
}

char take_comparison(std::string_view& text) {
  for (const auto& [sign, meaning] : comparison_signs) {
    if (text.starts_with(sign)) {
      text.remove_prefix(sign.size());
      return meaning;
    }
  }
  return 0;
}

token make_token(std::string_view chunk, std::size_t first) {
  token out;
  out.first = first;
  out.words = word_count(chunk);
  out.pause = !chunk.empty() && pauses.find(chunk.back()) != std::string_view::npos;
  out.comparison = take_comparison(chunk);
  out.raw = std::string{trimmed(chunk)};
  read_number(out.raw, out);
  return out;
}

/// Splits "20-40" and "$20–$40" into the two ends; false if the chunk is no such range ("A-2231",
/// "2026-03-01").
bool append_range(std::string_view chunk, std::size_t first, std::vector<token>& out) {
  for (const auto sign : range_signs) {
    const auto at = chunk.find(sign);
    if (at == std::string_view::npos || at == 0
        || chunk.find(sign, at + sign.size()) != std::string_view::npos)
      continue;
    auto low = make_token(chunk.substr(0, at), first);
    auto high = make_token(chunk.substr(at + sign.size()), first + low.words);
    constexpr double longest = 1e6; // longer digits with a hyphen are a number of some other kind
    if (!low.number || !high.number || *low.number >= *high.number || *high.number >= longest)
      continue;
    high.to_previous = true;
    out.push_back(std::move(low));
    out.push_back(std::move(high));
    return true;
  }
  return false;
}

} // namespace

std::vector<token> tokens_of(std::string_view message) {
  std::vector<token> out;
  std::size_t word = 0;
  for (std::size_t at = 0; at < message.size();) {
    if (is_space(message[at])) {
      ++at;
      continue;
    }
    auto end = at;
    while (end < message.size() && !is_space(message[end]))
      ++end;
    const auto chunk = message.substr(at, end - at);
    if (!append_range(chunk, word, out))
      out.push_back(make_token(chunk, word));
    word = out.back().first + out.back().words;
    at = end;
  }
  return out;
}

std::optional<money> amount_of(const token& t) {
  constexpr double highest = 9e13; // dollars, the range of parse_money
  if (!t.number || *t.number > highest)
    return std::nullopt;
  const double cents = *t.number * 100;
  const double rounded = std::round(cents);
  if (std::fabs(cents - rounded) > 1e-6 * std::max(1.0, cents))
    return std::nullopt;
  return money{static_cast<std::int64_t>(rounded)};
}

} // namespace flipsync::reading
