#pragma once
/// What model calls cost.

#include <compare>
#include <cstdint>
#include <string>

namespace flipsync {

/// US dollars in billionths: a token of the cheapest model still counts, and sums stay exact. Up to
/// nine billion dollars.
struct usd {
  std::int64_t nanos = 0;
  friend auto operator<=>(const usd&, const usd&) = default;
  friend constexpr usd operator+(usd a, usd b) { return {a.nanos + b.nanos}; }
  friend constexpr usd operator-(usd a, usd b) { return {a.nanos - b.nanos}; }
  constexpr usd& operator+=(usd other) {
    nanos += other.nanos;
    return *this;
  }
  constexpr usd& operator-=(usd other) {
    nanos -= other.nanos;
    return *this;
  }
};

/// The nearest amount to a number of dollars; values outside ±9e9 are a bug of the caller.
usd usd_of(double dollars);

/// "0.1", "12.5", "0.000000125": as short as it is exact, without a sign of currency.
std::string to_decimal(usd amount);

} // namespace flipsync
