#include <cstdio>
#include <optional>

#include "runtime/core/types/units.hpp"

namespace flipsync {

namespace {

using namespace std::chrono;

error no_time(std::string_view text) {
  return error{errc::invalid_request,
               "'" + std::string{text.substr(0, 40)} + "' is no RFC 3339 time"};
}

/// Reads the text from the left; every `take` says whether it found what was asked for.
struct cursor {
  std::string_view rest;

  /// Exactly `count` digits.
  std::optional<int> number(std::size_t count) {
    if (rest.size() < count)
      return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest[i] < '0' || rest[i] > '9')
        return std::nullopt;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }

  bool one_of(std::string_view characters) {
    if (rest.empty() || characters.find(rest.front()) == std::string_view::npos)
      return false;
    rest.remove_prefix(1);
    return true;
  }
};

std::optional<sys_days> take_date(cursor& in) {
  const auto y = in.number(4);
  if (!y || !in.one_of("-"))
    return std::nullopt;
  const auto m = in.number(2);
  if (!m || !in.one_of("-"))
    return std::nullopt;
  const auto d = in.number(2);
  if (!d)
    return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok())
    return std::nullopt;
  return sys_days{date};
}

/// Digits after the dot, cut off after the millisecond; nullopt if there is a dot and no digit.
std::optional<milliseconds> take_fraction(cursor& in) {
  if (!in.one_of("."))
    return milliseconds{0};
  int value = 0;
  int digits = 0;
  while (const auto digit = in.number(1)) {
    if (digits++ < 3)
      value = value * 10 + *digit;
  }
  if (digits == 0)
    return std::nullopt;
  for (; digits < 3; ++digits)
    value *= 10;
  return milliseconds{value};
}

std::optional<milliseconds> take_time_of_day(cursor& in) {
  const auto h = in.number(2);
  if (!h || !in.one_of(":"))
    return std::nullopt;
  const auto m = in.number(2);
  if (!m || !in.one_of(":"))
    return std::nullopt;
  const auto s = in.number(2);
  // A leap second (60) is legal RFC 3339; it counts as the first second of the next minute.
  if (!s || *h > 23 || *m > 59 || *s > 60)
    return std::nullopt;
  const auto fraction = take_fraction(in);
  if (!fraction)
    return std::nullopt;
  return hours{*h} + minutes{*m} + seconds{*s} + *fraction;
}

std::optional<minutes> take_offset(cursor& in) {
  if (in.one_of("Zz"))
    return minutes{0};
  const bool west = !in.rest.empty() && in.rest.front() == '-';
  if (!in.one_of("+-"))
    return std::nullopt;
  const auto h = in.number(2);
  if (!h || !in.one_of(":"))
    return std::nullopt;
  const auto m = in.number(2);
  if (!m || *h > 23 || *m > 59)
    return std::nullopt;
  const auto offset = minutes{*h * 60 + *m};
  return west ? -offset : offset;
}

} // namespace

std::string to_rfc3339(wall_time t) {
  const auto midnight = floor<days>(t);
  const year_month_day date{midnight};
  const hh_mm_ss time{t - midnight};
  char out[48];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return out;
}

result<wall_time> parse_rfc3339(std::string_view text) {
  cursor in{text};
  const auto date = take_date(in);
  if (!date)
    return no_time(text);
  if (in.rest.empty())
    return wall_time{*date};
  if (!in.one_of("Tt "))
    return no_time(text);
  const auto time = take_time_of_day(in);
  if (!time)
    return no_time(text);
  const auto offset = take_offset(in);
  if (!offset || !in.rest.empty())
    return no_time(text);
  return wall_time{*date + *time - *offset};
}

} // namespace flipsync
