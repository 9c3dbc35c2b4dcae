#include "runtime/core/types/units.hpp"

#include <cmath>
#include <limits>

namespace flipsync {

namespace {

__extension__ using wide = __int128; // no ISO type, but of every compiler we support

constexpr std::int64_t max_cents = 9'000'000'000'000'000;

/// A rule's product may exceed the range only by absurd input; it stays at the border then, since
/// wrapping would turn a price's sign.
std::int64_t saturate(wide value) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  if (value < lowest)
    return lowest;
  return value > highest ? highest : static_cast<std::int64_t>(value);
}

error no_money(std::string_view text, const char* why) {
  return error{errc::invalid_request, "'" + std::string{text.substr(0, 40)} + "' " + why};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// The sign and the currency sign, in either order ("-$5", "$-5").
bool take_sign(std::string_view& text) {
  bool negative = false;
  bool dollar = false;
  bool signed_ = false;
  while (!text.empty()) {
    if (!dollar && text.front() == '$')
      dollar = true;
    else if (!signed_ && (text.front() == '-' || text.front() == '+'))
      signed_ = true, negative = text.front() == '-';
    else
      break;
    text.remove_prefix(1);
  }
  return negative;
}

/// The whole part's digits. Commas must part groups of three ("1,299"), and what is grouped begins
/// with no 0, so that a decimal comma ("12,50", "0,125") is refused instead of read as 1,250 or
/// 125. False if it is no number or too large.
bool take_whole(std::string_view& text, std::int64_t& whole) {
  const bool zero = text.starts_with('0');
  std::size_t digits = 0;
  std::size_t group = 0;
  bool grouped = false;
  while (!text.empty() && (is_digit(text.front()) || text.front() == ',')) {
    if (text.front() == ',') {
      if (zero || (grouped ? group != 3 : (group == 0 || group > 3)))
        return false;
      grouped = true;
      group = 0;
    } else {
      whole = whole * 10 + (text.front() - '0');
      if (whole > max_cents / 100)
        return false;
      ++digits;
      ++group;
    }
    text.remove_prefix(1);
  }
  return grouped ? group == 3 : digits > 0 || (!text.empty() && text.front() == '.');
}

} // namespace

money scale(money amount, std::int64_t thousandths) {
  const wide product = static_cast<wide>(amount.cents) * thousandths;
  const wide half = product < 0 ? -500 : 500;
  return {saturate((product + half) / 1000)};
}

double ratio(money a, money b) {
  return b.cents == 0 ? 0.0 : static_cast<double>(a.cents) / static_cast<double>(b.cents);
}

result<money> parse_money(std::string_view text) {
  auto rest = trim(text);
  const bool negative = take_sign(rest);
  std::int64_t whole = 0;
  if (!take_whole(rest, whole))
    return no_money(text, "is no amount of money in range");
  std::int64_t cents = 0;
  std::size_t decimals = 0;
  if (!rest.empty() && rest.front() == '.') {
    for (rest.remove_prefix(1); !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
      const auto digit = rest.front() - '0';
      if (decimals++ < 2)
        cents += decimals == 1 ? digit * 10 : digit;
      else if (digit != 0)
        return no_money(text, "has more than two decimals");
    }
    if (decimals == 0)
      return no_money(text, "is no amount of money");
  }
  if (!rest.empty())
    return no_money(text, "is no amount of money");
  const auto total = whole * 100 + cents;
  if (total > max_cents)
    return no_money(text, "is out of range");
  return money{negative ? -total : total};
}

std::string to_decimal(money amount) {
  const bool negative = amount.cents < 0;
  // Unsigned, so that the lowest value has an absolute one.
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.cents)
                                  : static_cast<std::uint64_t>(amount.cents);
  const auto cents = magnitude % 100;
  std::string out = negative ? "-" : "";
  out += std::to_string(magnitude / 100);
  out += cents < 10 ? ".0" : ".";
  out += std::to_string(cents);
  return out;
}

std::string show(money amount) {
  auto out = to_decimal(amount);
  out.insert(amount.cents < 0 ? 1 : 0, "$");
  return out;
}

usd usd_of(double dollars) { return {std::llround(dollars * 1e9)}; }

std::string to_decimal(usd amount) {
  constexpr std::uint64_t unit = 1'000'000'000;
  const bool negative = amount.nanos < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.nanos)
                                  : static_cast<std::uint64_t>(amount.nanos);
  std::string out = negative ? "-" : "";
  out += std::to_string(magnitude / unit);
  auto digits = std::to_string(unit + magnitude % unit);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.size() > 1)
    out.append(".").append(digits, 1);
  return out;
}

} // namespace flipsync
