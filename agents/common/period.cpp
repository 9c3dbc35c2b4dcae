#include "agents/common/period.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace flipsync {

namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> month_names{
  "january", "february", "march",     "april",   "may",      "june",
  "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> weekday_names{
  "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> number_names{"one",  "two", "three",  "four",
                                                        "five", "six", "seven",  "eight",
                                                        "nine", "ten", "eleven", "twelve"};
constexpr std::array<std::string_view, 4> quarter_names{"first", "second", "third", "fourth"};
/// What speaks of sales and orders, so that "today" is a span and no figure of speech.
constexpr std::array<std::string_view, 19> sales_words{
  "sold",    "sell",   "sells", "selling", "sales",   "revenue", "turnover",
  "earn",    "earned", "made",  "orders",  "ordered", "bought",  "seller",
  "sellers", "income", "bring", "brought", "compare"};
/// Before a month that is also a word ("may", "march").
constexpr std::array<std::string_view, 8> before_month{"in",   "of",   "during", "since",
                                                       "last", "this", "for",    "from"};
/// Before a time that lies ahead.
constexpr std::array<std::string_view, 5> ahead_words{"until", "till", "by", "before", "next"};
constexpr std::array<std::string_view, 6> joints{"and", "to", "until", "till", "through", "thru"};

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
std::optional<unsigned> place_in(std::string_view word,
                                 const std::array<std::string_view, N>& words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end())
    return std::nullopt;
  return static_cast<unsigned>(found - words.begin());
}

std::optional<unsigned> number_of_digits(std::string_view word) {
  if (word.empty() || word.size() > 4)
    return std::nullopt;
  unsigned value = 0;
  for (const char c : word) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

/// A month by its name or the three or four letters that stand for it.
std::optional<std::chrono::month> month_of(std::string_view word) {
  if (word.size() < 3)
    return std::nullopt;
  for (unsigned i = 0; i < month_names.size(); ++i)
    if (word == month_names[i]
        || (month_names[i].starts_with(word) && (word.size() == 3 || word == "sept")))
      return std::chrono::month{i + 1};
  return std::nullopt;
}

bool is_also_a_word(std::string_view month) { return month == "may" || month.starts_with("mar"); }

std::optional<year> year_of(std::string_view word) {
  const auto value = number_of_digits(word);
  if (word.size() != 4 || !value || *value < 2000 || *value > 2099)
    return std::nullopt;
  return year{static_cast<int>(*value)};
}

/// "3", "3rd", "21st".
std::optional<std::chrono::day> day_of(std::string_view word, bool ordinal_only = false) {
  const bool ordinal = word.size() > 2
                       && (word.ends_with("st") || word.ends_with("nd") || word.ends_with("rd")
                           || word.ends_with("th"));
  const auto value = number_of_digits(ordinal ? word.substr(0, word.size() - 2) : word);
  if (!value || *value < 1 || *value > 31 || (ordinal_only && !ordinal))
    return std::nullopt;
  return std::chrono::day{*value};
}

sys_days last_day(year_month month) { return sys_days{month / std::chrono::last}; }

year_month_day date_of(sys_days day) { return year_month_day{day}; }

/// The same day so many months before, the last of its month where that has no such day.
sys_days months_before(sys_days day, unsigned count) {
  const auto date = date_of(day);
  const auto month = year_month{date.year(), date.month()} - months{static_cast<int>(count)};
  return std::min(sys_days{month / 1} + (days{static_cast<int>(unsigned{date.day()})} - days{1}),
                  last_day(month));
}

/// Reads the message's words from one place on.
class period_reader {
public:
  period_reader(const message_reading& message, wall_time now)
    : words_{message.words},
      today_{std::chrono::floor<days>(now)},
      of_sales_{std::any_of(words_.begin(), words_.end(),
                            [](const std::string& word) { return among(word, sales_words); })},
      named_(words_.size(), false) {
    for (const auto& hit : message.entities)
      if (hit.kind != entity_kind::attribute)
        std::fill_n(named_.begin() + static_cast<std::ptrdiff_t>(hit.first_word), hit.words, true);
  }

  /// A span that begins with that word.
  [[nodiscard]] std::optional<asked_period> at(std::size_t place) const;

private:
  using maybe = std::optional<asked_period>;
  /// A day, or the whole month where no day is said.
  struct point {
    sys_days first;
    sys_days last;
    std::size_t words = 0;
  };

  [[nodiscard]] std::string_view word(std::size_t place) const {
    return place < words_.size() && !named_[place] ? std::string_view{words_[place]}
                                                   : std::string_view{};
  }
  [[nodiscard]] bool ahead(std::size_t place) const {
    return place > 0
           && (among(word(place - 1), ahead_words)
               || (place > 1 && word(place - 1) == "the" && among(word(place - 2), ahead_words)));
  }
  [[nodiscard]] maybe made(sys_days first, sys_days last, std::size_t place, std::size_t count,
                           bool usual = false) const;
  [[nodiscard]] maybe near_day(std::size_t place) const;
  [[nodiscard]] maybe current_unit(std::size_t place) const;
  [[nodiscard]] maybe last_unit(std::size_t place) const;
  [[nodiscard]] maybe last_several(std::size_t place) const;
  [[nodiscard]] maybe quarter(std::size_t place) const;
  [[nodiscard]] maybe whole_year(std::size_t place) const;
  [[nodiscard]] maybe between(std::size_t place) const;
  [[nodiscard]] maybe since(std::size_t place) const;
  [[nodiscard]] maybe days_of_month(std::size_t place) const;
  [[nodiscard]] maybe single(std::size_t place) const;
  [[nodiscard]] std::optional<point> weekday(std::size_t place) const;
  [[nodiscard]] std::optional<point> point_at(std::size_t place, bool led) const;
  [[nodiscard]] std::optional<point> date_at(std::size_t place) const;
  [[nodiscard]] year year_for(std::chrono::month month, std::chrono::day day) const;
  [[nodiscard]] std::optional<point> day_point(year y, std::chrono::month m, std::chrono::day d,
                                               std::size_t count) const;

  const std::vector<std::string>& words_;
  sys_days today_;
  bool of_sales_;
  std::vector<bool> named_;
};

period_reader::maybe period_reader::made(sys_days first, sys_days last, std::size_t place,
                                         std::size_t count, bool usual) const {
  if (last < first)
    return std::nullopt;
  return asked_period{first, first <= today_ ? std::min(last, today_) : last, place, count, usual};
}

/// The latest year in which that day has come.
year period_reader::year_for(std::chrono::month month, std::chrono::day day) const {
  const auto now = date_of(today_);
  const bool later = month > now.month() || (month == now.month() && day > now.day());
  return later ? now.year() - std::chrono::years{1} : now.year();
}

std::optional<period_reader::point> period_reader::day_point(year y, std::chrono::month m,
                                                             std::chrono::day d,
                                                             std::size_t count) const {
  const year_month_day date{y, m, d};
  if (!date.ok())
    return std::nullopt;
  return point{sys_days{date}, sys_days{date}, count};
}

/// "2026-11-03", "3 November 2026", "3rd of Nov", "November 3", "October".
std::optional<period_reader::point> period_reader::date_at(std::size_t place) const {
  if (const auto y = year_of(word(place))) {
    const auto m = number_of_digits(word(place + 1));
    const auto d = day_of(word(place + 2));
    if (m && *m >= 1 && *m <= 12 && d)
      return day_point(*y, std::chrono::month{*m}, *d, 3);
    return std::nullopt;
  }
  const auto with_year = [&](std::chrono::month m, std::chrono::day d, std::size_t count) {
    if (const auto y = year_of(word(place + count)))
      return day_point(*y, m, d, count + 1);
    return day_point(year_for(m, d), m, d, count);
  };
  if (const auto d = day_of(word(place))) {
    const std::size_t gap = word(place + 1) == "of" ? 2 : 1;
    if (const auto m = month_of(word(place + gap)))
      return with_year(*m, *d, gap + 1);
    return std::nullopt;
  }
  const auto m = month_of(word(place));
  if (!m)
    return std::nullopt;
  const std::size_t skip = word(place + 1) == "the" ? 2 : 1;
  if (const auto d = day_of(word(place + skip)); d && !year_of(word(place + skip)))
    return with_year(*m, *d, skip + 1);
  const auto said = year_of(word(place + 1));
  if (!said && is_also_a_word(word(place)) && (place == 0 || !among(word(place - 1), before_month)))
    return std::nullopt;
  const year_month month{said.value_or(year_for(*m, std::chrono::day{1})), *m};
  return point{sys_days{month / 1}, last_day(month), said ? std::size_t{2} : std::size_t{1}};
}

/// The latest such day before today.
std::optional<period_reader::point> period_reader::weekday(std::size_t place) const {
  const auto name = place_in(word(place), weekday_names);
  if (!name)
    return std::nullopt;
  const auto back = std::chrono::weekday{today_} - std::chrono::weekday{*name};
  const auto day = today_ - (back == days{0} ? days{7} : back);
  return point{day, day, 1};
}

/// What may stand behind "since", "between" and "and"; `led` also "the 1st", of this month or,
/// where that is to come, of the last.
std::optional<period_reader::point> period_reader::point_at(std::size_t place, bool led) const {
  if (const auto date = date_at(place))
    return date;
  if (const auto day = weekday(place))
    return day;
  if (word(place) == "yesterday")
    return point{today_ - days{1}, today_ - days{1}, 1};
  if (word(place) == "today" || word(place) == "now")
    return point{today_, today_, 1};
  if (word(place) == "the" || word(place) == "last") {
    if (auto rest = point_at(place + 1, led); rest) {
      ++rest->words;
      return rest;
    }
  }
  const auto d = led ? day_of(word(place), true) : std::nullopt;
  if (!d)
    return std::nullopt;
  const auto now = date_of(today_);
  auto month = year_month{now.year(), now.month()};
  if (*d > now.day())
    month -= months{1};
  return day_point(month.year(), month.month(), *d, 1);
}

period_reader::maybe period_reader::near_day(std::size_t place) const {
  if (word(place) == "yesterday")
    return made(today_ - days{1}, today_ - days{1}, place, 1);
  if (word(place) == "day" && word(place + 1) == "before" && word(place + 2) == "yesterday")
    return made(today_ - days{2}, today_ - days{2}, place, 3);
  if (word(place) == "today" && of_sales_)
    return made(today_, today_, place, 1);
  return std::nullopt;
}

sys_days week_begin(sys_days day) {
  return day - (std::chrono::weekday{day} - std::chrono::Monday);
}
sys_days month_begin(sys_days day) {
  const auto date = date_of(day);
  return sys_days{date.year() / date.month() / 1};
}
sys_days quarter_begin(sys_days day) {
  const auto date = date_of(day);
  const auto begins = (unsigned{date.month()} - 1) / 3 * 3 + 1;
  return sys_days{date.year() / std::chrono::month{begins} / 1};
}
sys_days year_begin(sys_days day) { return sys_days{date_of(day).year() / 1 / 1}; }

/// "this month".
period_reader::maybe period_reader::current_unit(std::size_t place) const {
  if (word(place) != "this" || !of_sales_)
    return std::nullopt;
  const auto unit = word(place + 1);
  if (unit == "week")
    return made(week_begin(today_), today_, place, 2);
  if (unit == "month")
    return made(month_begin(today_), today_, place, 2);
  if (unit == "quarter")
    return made(quarter_begin(today_), today_, place, 2);
  if (unit == "year")
    return made(year_begin(today_), today_, place, 2);
  return std::nullopt;
}

/// "last week" is the calendar's, "the past week" the last 7 days.
period_reader::maybe period_reader::last_unit(std::size_t place) const {
  const bool past = word(place) == "past";
  if (!past && word(place) != "last" && word(place) != "previous")
    return std::nullopt;
  const auto unit = word(place + 1);
  const auto before = [&](sys_days begin, sys_days begin_before) {
    return made(begin_before, begin - days{1}, place, 2);
  };
  if (unit == "week")
    return past ? made(today_ - days{6}, today_, place, 2)
                : before(week_begin(today_), week_begin(today_) - days{7});
  if (unit == "month")
    return past ? made(today_ - days{29}, today_, place, 2, true)
                : before(month_begin(today_), months_before(month_begin(today_), 1));
  if (unit == "quarter")
    return past ? made(months_before(today_, 3) + days{1}, today_, place, 2)
                : before(quarter_begin(today_), months_before(quarter_begin(today_), 3));
  if (unit == "year")
    return past ? made(months_before(today_, 12) + days{1}, today_, place, 2)
                : before(year_begin(today_), months_before(year_begin(today_), 12));
  if (const auto m = month_of(unit)) {
    const year_month month{year_for(*m, std::chrono::day{1}), *m};
    const bool current = sys_days{month / 1} == month_begin(today_);
    const auto meant = current ? month - std::chrono::years{1} : month;
    return made(sys_days{meant / 1}, last_day(meant), place, 2);
  }
  if (const auto day = weekday(place + 1))
    return made(day->first, day->last, place, 2);
  return std::nullopt;
}

/// "the last 7 days", "past three months".
period_reader::maybe period_reader::last_several(std::size_t place) const {
  if (word(place) != "last" && word(place) != "past" && word(place) != "previous")
    return std::nullopt;
  auto count = number_of_digits(word(place + 1));
  if (!count)
    if (const auto name = place_in(word(place + 1), number_names))
      count = *name + 1;
  if (!count || *count < 1 || *count > 3660)
    return std::nullopt;
  const auto unit = word(place + 2);
  const auto back = [&](unsigned n) {
    return made(today_ - days{static_cast<int>(n)} + days{1}, today_, place, 3, n == 30);
  };
  if (unit == "days" || unit == "day")
    return back(*count);
  if (unit == "weeks" || unit == "week")
    return back(*count * 7);
  if (*count <= 120 && (unit == "months" || unit == "month"))
    return made(months_before(today_, *count) + days{1}, today_, place, 3);
  if (*count <= 10 && (unit == "years" || unit == "year"))
    return made(months_before(today_, *count * 12) + days{1}, today_, place, 3);
  return std::nullopt;
}

/// "Q3", "Q3 2026", "the third quarter".
period_reader::maybe period_reader::quarter(std::size_t place) const {
  const auto w = word(place);
  std::optional<unsigned> which;
  std::size_t count = 1;
  if (w.size() == 2 && w[0] == 'q' && w[1] >= '1' && w[1] <= '4')
    which = static_cast<unsigned>(w[1] - '1');
  else if (word(place + 1) == "quarter")
    which = place_in(w, quarter_names), count = 2;
  if (!which)
    return std::nullopt;
  const std::chrono::month begins{*which * 3 + 1};
  const auto said = year_of(word(place + count));
  const year_month first{said.value_or(year_for(begins, std::chrono::day{1})), begins};
  return made(sys_days{first / 1}, last_day(first + months{2}), place, count + (said ? 1 : 0));
}

/// "in 2025".
period_reader::maybe period_reader::whole_year(std::size_t place) const {
  const auto y = year_of(word(place));
  const auto before = place > 0 ? word(place - 1) : std::string_view{};
  if (!y || (before != "in" && before != "of" && before != "during" && before != "year"))
    return std::nullopt;
  return made(sys_days{*y / 1 / 1}, sys_days{*y / 12 / 31}, place, 1);
}

/// "between 3 and 9 Nov", "from October to 3 November".
period_reader::maybe period_reader::between(std::size_t place) const {
  if (word(place) != "between" && word(place) != "from")
    return std::nullopt;
  const auto joined = [&](std::size_t at) { return among(word(at), joints) ? at + 1 : at; };
  if (const auto begin = point_at(place + 1, true)) {
    const auto next = joined(place + 1 + begin->words);
    if (next > place + 1 + begin->words)
      if (const auto end = point_at(next, true))
        return made(begin->first, end->last, place, next + end->words - place);
  }
  auto days_only = days_of_month(place + 1 + (word(place + 1) == "the" ? 1 : 0));
  if (!days_only)
    return std::nullopt;
  days_only->words += days_only->first_word - place;
  days_only->first_word = place;
  return days_only;
}

/// "3 to 9 Nov", "3-9 Nov", "Nov 3 to 9", "Nov 3-9".
period_reader::maybe period_reader::days_of_month(std::size_t place) const {
  const auto joined = [&](std::size_t at) { return among(word(at), joints) ? at + 1 : at; };
  const auto skip_the = [&](std::size_t at) { return word(at) == "the" ? at + 1 : at; };
  if (const auto d = day_of(word(place))) {
    const auto next = skip_the(joined(place + 1));
    const auto end = day_of(word(next)) ? date_at(next) : std::nullopt;
    if (!end || end->first != end->last)
      return std::nullopt;
    const auto date = date_of(end->first);
    const auto begin = day_point(date.year(), date.month(), *d, 1);
    return begin ? made(begin->first, end->last, place, next + end->words - place) : std::nullopt;
  }
  if (!month_of(word(place)))
    return std::nullopt;
  const auto begin = date_at(place);
  if (!begin || begin->first != begin->last)
    return std::nullopt;
  const auto next = skip_the(joined(place + begin->words));
  const auto d = day_of(word(next));
  if (!d)
    return std::nullopt;
  const auto date = date_of(begin->first);
  const auto end = day_point(date.year(), date.month(), *d, 1);
  return end ? made(begin->first, end->last, place, next + 1 - place) : std::nullopt;
}

/// "since the 1st", "since last week".
period_reader::maybe period_reader::since(std::size_t place) const {
  if (word(place) != "since")
    return std::nullopt;
  if (const auto begin = point_at(place + 1, true))
    return made(begin->first, std::max(begin->first, today_), place, begin->words + 1);
  const std::size_t skip = word(place + 1) == "the" ? 2 : 1;
  for (const auto& sub :
       {last_several(place + skip), last_unit(place + skip), quarter(place + skip)})
    if (sub)
      return made(sub->first, std::max(sub->first, today_), place, sub->words + skip);
  return std::nullopt;
}

/// A day or a month by itself; "on Monday".
period_reader::maybe period_reader::single(std::size_t place) const {
  if (const auto date = date_at(place))
    return made(date->first, date->last, place, date->words);
  if (word(place) != "on")
    return std::nullopt;
  if (const auto day = point_at(place + 1, true))
    return made(day->first, day->last, place, day->words + 1);
  return std::nullopt;
}

std::optional<asked_period> period_reader::at(std::size_t place) const {
  if (word(place).empty() || ahead(place))
    return std::nullopt;
  using form = maybe (period_reader::*)(std::size_t) const;
  // The longer forms first: "from 3 to 9 Nov" is no "9 Nov".
  constexpr std::array<form, 10> forms{&period_reader::between,       &period_reader::since,
                                       &period_reader::days_of_month, &period_reader::near_day,
                                       &period_reader::current_unit,  &period_reader::last_several,
                                       &period_reader::last_unit,     &period_reader::quarter,
                                       &period_reader::single,        &period_reader::whole_year};
  for (const auto one : forms)
    if (auto found = (this->*one)(place))
      return found;
  return std::nullopt;
}

std::string name_of(std::chrono::month month) {
  std::string name{month_names[unsigned{month} - 1]};
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

} // namespace

std::vector<asked_period> periods_of(const message_reading& message, wall_time now) {
  const period_reader reader{message, now};
  std::vector<asked_period> found;
  for (std::size_t place = 0; place < message.words.size() && found.size() < 2;) {
    const auto period = reader.at(place);
    place += period ? period->words : 1;
    if (period)
      found.push_back(*period);
  }
  return found;
}

std::optional<asked_period> other_period(const skill_input& input) {
  const auto found = periods_of(input.message, input.now);
  if (found.empty() || found.front().usual)
    return std::nullopt;
  return found.front();
}

time_span span_of(const asked_period& period) {
  return {wall_time{period.first}, wall_time{period.last + days{1}}};
}

std::optional<time_span> span_of(const std::optional<asked_period>& period) {
  return period ? std::optional{span_of(*period)} : std::nullopt;
}

std::string spoken(const asked_period& period) {
  const auto first = date_of(period.first);
  const auto last = date_of(period.last);
  const auto day = [](const year_month_day& date) { return std::to_string(unsigned{date.day()}); };
  const auto month = [](const year_month_day& date) { return " " + name_of(date.month()); };
  const auto in_year = [](const year_month_day& date) {
    return " " + std::to_string(int{date.year()});
  };
  const auto end = day(last) + month(last) + in_year(last);
  if (first == last)
    return "on " + end;
  auto begin = "from " + day(first);
  if (first.year() != last.year())
    begin += month(first) + in_year(first);
  else if (first.month() != last.month())
    begin += month(first);
  return begin + " to " + end;
}

std::string as_said(const asked_period& period, const message_reading& message) {
  std::string text;
  for (auto at = period.first_word; at < period.first_word + period.words; ++at)
    text += (text.empty() ? "" : " ") + message.words[at];
  return text;
}

} // namespace flipsync
