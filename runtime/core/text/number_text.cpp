#include "runtime/core/text/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace flipsync {

namespace {

/// The longest double has 309 digits before the point, and as many decimals are asked for as fit.
using digits = std::array<char, 800>;

struct read_number {
  std::optional<double> value;
  bool whole = false; ///< nothing follows it
};

read_number read(std::string_view text) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [at, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc{} || !std::isfinite(value))
    return {};
  return {value, at == end};
}

} // namespace

std::optional<double> number_of(std::string_view text) {
  const auto found = read(text);
  return found.whole ? found.value : std::nullopt;
}

std::optional<double> leading_number(std::string_view text) { return read(text).value; }

std::optional<std::int64_t> counted_by(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"two", "three",  "four",   "five",
                                                   "six", "seven",  "eight",  "nine",
                                                   "ten", "eleven", "twelve", "dozen"};
  const auto at = std::find(names.begin(), names.end(), word);
  if (at == names.end())
    return std::nullopt;
  return *at == "dozen" ? 12 : at - names.begin() + 2;
}

std::string fixed_text(double value, int decimals) {
  digits room;
  const auto end =
    std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed, decimals)
      .ptr;
  return {room.data(), end};
}

std::string short_text(double value) {
  digits room;
  const auto end =
    std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::general, 6).ptr;
  return {room.data(), end};
}

std::string exact_text(double value) {
  digits room;
  const auto end =
    std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed).ptr;
  return {room.data(), end};
}

} // namespace flipsync
