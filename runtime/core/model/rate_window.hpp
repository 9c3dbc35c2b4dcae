#pragma once
/// Requests and tokens per minute of one provider: when the next call may go. Pure.

#include <cstdint>
#include <deque>
#include <optional>

#include "runtime/core/model/conduct_settings.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Keeps the calls of the last minute and the places given to calls to come, so that no 60 seconds
/// hold more than is allowed. Places are given in the order of asking.
class rate_window {
public:
  explicit rate_window(rate_limits limits = {}) : limits_{limits} {}

  [[nodiscard]] bool unlimited() const noexcept {
    return limits_.requests_per_minute == 0 && limits_.tokens_per_minute == 0;
  }
  /// The earliest time, not before `now`, at which a call of so many tokens may go. A call of more
  /// tokens than a minute allows goes when the window is empty.
  [[nodiscard]] mono_time earliest(mono_time now, std::uint32_t tokens) const;
  /// Takes that place; nullopt, and nothing is taken, if it is later than `latest` or too many
  /// wait.
  std::optional<mono_time> take(mono_time now, std::uint32_t tokens, mono_time latest);
  /// The call that took the place at `at` used `used` tokens instead of the `expected` ones.
  void settle(mono_time at, std::uint32_t expected, std::uint32_t used);
  /// Gives back a place that was not used.
  void give_back(mono_time at, std::uint32_t tokens);
  /// Places later than `now`.
  [[nodiscard]] std::uint32_t waiting(mono_time now) const;

private:
  struct entry {
    mono_time at;
    std::uint32_t tokens = 0;
  };
  void forget(mono_time now);
  [[nodiscard]] std::deque<entry>::iterator find(mono_time at, std::uint32_t tokens);

  rate_limits limits_;
  std::deque<entry> entries_; ///< by time
  std::uint64_t sum_ = 0;     ///< tokens of all entries
};

} // namespace flipsync
