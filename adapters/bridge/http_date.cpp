#include "adapters/bridge/http_date.hpp"

#include <array>
#include <chrono>

namespace flipsync {

namespace {

void append_two(std::string& out, long value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

} // namespace

std::string http_date(std::time_t at) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = sys_seconds{seconds{at}};
  const auto day = floor<std::chrono::days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string out{days[weekday{day}.c_encoding()]};
  out += ", ";
  append_two(out, static_cast<long>(static_cast<unsigned>(date.day())));
  out += ' ';
  out += months[static_cast<unsigned>(date.month()) - 1];
  out += ' ' + std::to_string(static_cast<int>(date.year())) + ' ';
  append_two(out, clock.hours().count());
  out += ':';
  append_two(out, clock.minutes().count());
  out += ':';
  append_two(out, clock.seconds().count());
  return out + " GMT";
}

std::string_view http_date_now() {
  thread_local std::time_t second = -1;
  thread_local std::string text;
  if (const auto now = std::time(nullptr); now != second) {
    second = now;
    text = http_date(now);
  }
  return text;
}

} // namespace flipsync
