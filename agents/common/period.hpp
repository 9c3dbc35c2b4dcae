#pragma once
/// Spans of time that a seller's message asks about: "yesterday", "last week", "in October", "since
/// 3 Nov", "between 3 and 9 Nov". Pure; days are UTC.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"

namespace flipsync {

/// Whole days, both ends included. What has begun ends today at the latest.
struct asked_period {
  std::chrono::sys_days first;
  std::chrono::sys_days last;
  std::size_t first_word = 0; ///< in the message's words
  std::size_t words = 0;
  bool usual = false; ///< the last 30 days, over which sales are told anyhow
};

/// Those of the message that lie behind or have begun, in order of mention, at most two. A month
/// or day without a year is the latest such; a week begins on Monday; "the last 7 days" end today.
/// Today and the current week, month, quarter and year count only beside a word of sales: "What
/// should I do today?" asks about no span. Words of the catalogue's names count for nothing.
std::vector<asked_period> periods_of(const message_reading& message, wall_time now);

/// The first that is not the usual one; nullopt where sales are told as ever.
std::optional<asked_period> other_period(const skill_input& input);
/// As the store takes it.
time_span span_of(const asked_period& period);
std::optional<time_span> span_of(const std::optional<asked_period>& period);

/// "on 27 November 2026", "from 1 to 31 October 2026".
std::string spoken(const asked_period& period);
/// The words of the message that say it.
std::string as_said(const asked_period& period, const message_reading& message);

} // namespace flipsync
