#pragma once
/// The primitives of JSON output: each appends one value to a string, without temporary ones.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync::wire {

/// value / 10^decimals, exact, without trailing zeros: (12500, 3) is 12.5.
void append_decimal(std::string& out, std::int64_t value, int decimals);
void append_integer(std::string& out, std::int64_t value);
void append_unsigned(std::string& out, std::uint64_t value);
/// Milliseconds with at most three decimals.
void append_ms(std::string& out, std::chrono::microseconds value);
/// Dollars with at most six decimals.
void append_usd(std::string& out, usd value);
/// RFC 3339 in UTC with milliseconds, as a JSON string.
void append_time(std::string& out, wall_time value);
/// The shop's currency with at most two decimals.
void append_money(std::string& out, money value);
/// Four decimals are kept; what is not finite becomes 0, since JSON has no such number.
void append_score(std::string& out, double value);

/// Writes an object's members with the commas between them. `json_object` opens the brace at
/// construction and closes it with close().
class json_object {
public:
  explicit json_object(std::string& out) : out_{out} { out_ += '{'; }
  /// Goes on with an object that has members and was not closed.
  static json_object go_on(std::string& out) { return json_object{out, 0}; }

  /// Appends `"name":`; the value follows by whatever the caller appends. `name` must need no
  /// escapes.
  std::string& key(std::string_view name);
  void text(std::string_view name, std::string_view value);
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void number(std::string_view name, std::uint64_t value) { append_unsigned(key(name), value); }
  void ms(std::string_view name, std::chrono::microseconds value) { append_ms(key(name), value); }
  /// Members as they are: `"name":value` with commas between them.
  void raw(std::string_view members) {
    if (!std::exchange(first_, false))
      out_ += ',';
    out_ += members;
  }
  void close() { out_ += '}'; }

private:
  json_object(std::string& out, int) : out_{out}, first_{false} {}
  /// Writes what `key` appends, and returns its end.
  char* put_key(char* at, std::string_view name);

  std::string& out_;
  bool first_ = true;
};

/// Appends `[…]`, calling `one(out, item)` for each item.
template <class Range, class Fn>
void append_array(std::string& out, const Range& items, Fn&& one) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first)
      out += ',';
    first = false;
    one(out, item);
  }
  out += ']';
}

/// Appends `["…","…"]`.
void append_strings(std::string& out, const std::vector<std::string>& items);

} // namespace flipsync::wire
