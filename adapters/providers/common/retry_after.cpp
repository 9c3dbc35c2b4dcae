#include "adapters/providers/common/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace flipsync::providers {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest = std::chrono::hours{24};

std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (failed != std::errc{} || !std::isfinite(value) || value < 0)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

milliseconds bounded(double ms) {
  return milliseconds{std::llround(std::clamp(ms, 0.0, static_cast<double>(longest.count())))};
}

std::optional<milliseconds> plain_number(std::string_view text, double unit_in_ms) {
  const auto value = take_number(text);
  if (!value || !text.empty())
    return std::nullopt;
  return bounded(*value * unit_in_ms);
}

std::optional<double> take_unit(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, double>, 6> units{
    {{"ms", 1.0}, {"us", 0.001}, {"s", 1000.0}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}}};
  for (const auto& [name, in_ms] : units)
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      return in_ms;
    }
  return std::nullopt;
}

std::optional<milliseconds> reset_of(const exchange_head& head, std::string_view kind) {
  const auto named = [&](std::string_view what) {
    return head.header(std::string{"x-ratelimit-"}.append(what).append("-").append(kind));
  };
  const auto remaining = named("remaining");
  if (!remaining.empty() && remaining != "0")
    return std::nullopt;
  return parse_reset_duration(named("reset"));
}

std::optional<unsigned> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(months.begin(), months.end(), name);
  if (found == months.end())
    return std::nullopt;
  return static_cast<unsigned>(found - months.begin()) + 1;
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':')
    return std::nullopt;
  const auto h = whole_number(text.substr(0, 2));
  const auto m = whole_number(text.substr(3, 2));
  const auto s = whole_number(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60)
    return std::nullopt;
  return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
}

/// A year of two digits is the one nearest to ours in this century, else in the last.
int full_year(int year, std::size_t digits) {
  if (digits > 2)
    return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

/// What the words of a date in any of the three forms have said so far.
struct date_parts {
  std::optional<int> day;
  std::optional<unsigned> month;
  std::optional<int> year;
  std::optional<std::chrono::seconds> time;

  void read(std::string_view word) {
    if (const auto m = month_of(word))
      month = m;
    else if (const auto t = time_of_day(word))
      time = t;
    else if (const auto n = whole_number(word))
      (day ? year : day) = day ? full_year(*n, word.size()) : *n;
  }
};

} // namespace

std::optional<wall_time> parse_http_date(std::string_view text) {
  constexpr std::string_view separators = " ,-\t";
  date_parts parts;
  while (true) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos)
      break;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(separators));
    parts.read(word);
    text.remove_prefix(word.size());
  }
  if (!parts.day || !parts.month || !parts.year || !parts.time)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*parts.year},
                                         std::chrono::month{*parts.month},
                                         std::chrono::day{static_cast<unsigned>(*parts.day)}};
  if (!date.ok())
    return std::nullopt;
  return wall_time{std::chrono::sys_days{date} + *parts.time};
}

std::optional<milliseconds> parse_reset_duration(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  if (const auto seconds = plain_number(text, 1000.0))
    return seconds;
  double total = 0;
  while (!text.empty()) {
    const auto value = take_number(text);
    const auto unit = value ? take_unit(text) : std::nullopt;
    if (!unit)
      return std::nullopt;
    total += *value * *unit;
  }
  return bounded(total);
}

std::optional<milliseconds> retry_after_of(const exchange_head& head, wall_time now) {
  if (const auto ms = plain_number(head.header("retry-after-ms"), 1.0))
    return ms;
  const auto said = head.header("retry-after");
  if (const auto seconds = plain_number(said, 1000.0))
    return seconds;
  if (const auto at = parse_http_date(said)) {
    const auto from = parse_http_date(head.header("date")).value_or(now);
    return std::clamp<milliseconds>(*at - from, milliseconds{0}, longest);
  }
  const auto requests = reset_of(head, "requests");
  const auto tokens = reset_of(head, "tokens");
  if (requests && tokens)
    return std::max(*requests, *tokens);
  return requests ? requests : tokens;
}

} // namespace flipsync::providers
