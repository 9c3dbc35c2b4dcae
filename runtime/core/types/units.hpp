#pragma once
/// Units as types: money, cost, tokens and time never travel as bare numbers.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/usd.hpp"

namespace flipsync {

/// A point of wall-clock time, to the millisecond (RFC 3339 on the wire, integer in the store).
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;
/// A point on the runtime's monotonic clock; only differences mean something.
using mono_time = std::chrono::time_point<std::chrono::steady_clock>;

/// Money in the shop's currency, integer cents. Rounding happens only where a rule multiplies, and
/// is half away from zero.
struct money {
  std::int64_t cents = 0;
  friend auto operator<=>(const money&, const money&) = default;
  friend money operator+(money a, money b) { return {a.cents + b.cents}; }
  friend money operator-(money a, money b) { return {a.cents - b.cents}; }
  friend money operator*(money a, std::int64_t n) { return {a.cents * n}; }
};

/// price × ratio where the ratio is given in thousandths (0.98 is 980), rounded half away from
/// zero. Integer arithmetic, so that a price rule gives the same cents on every machine.
money scale(money amount, std::int64_t thousandths);
/// a / b as a double; 0 if b is 0.
double ratio(money a, money b);
/// Parses "12", "12.5", "$12.50", "1,299.00"; errors: invalid_request (no number, more than two
/// decimals that are not zero, out of ±9e15 cents).
result<money> parse_money(std::string_view text);
/// "12.50"; `show` puts the currency sign before it ("$12.50").
std::string to_decimal(money amount);
std::string show(money amount);

/// Token counts of a model call, as the provider reported them.
struct token_usage {
  std::uint32_t in = 0;
  std::uint32_t out = 0;
  std::uint32_t cached = 0; ///< of `in`: read from the provider's own prompt cache
  friend bool operator==(const token_usage&, const token_usage&) = default;
  token_usage& operator+=(const token_usage& other) {
    in += other.in;
    out += other.out;
    cached += other.cached;
    return *this;
  }
};

/// RFC 3339 in UTC with milliseconds ("2026-03-01T12:00:00.000Z").
std::string to_rfc3339(wall_time t);
/// Parses RFC 3339 (any offset, optional fraction) or a plain date. Errors: invalid_request.
result<wall_time> parse_rfc3339(std::string_view text);

} // namespace flipsync
