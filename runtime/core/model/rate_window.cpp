#include "runtime/core/model/rate_window.hpp"

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::chrono::seconds window{60};

} // namespace

mono_time rate_window::earliest(mono_time now, std::uint32_t tokens) const {
  auto at = entries_.empty() ? now : std::max(now, entries_.back().at);
  std::uint64_t requests = entries_.size();
  std::uint64_t used = sum_;
  // The oldest leave the window one by one until there is room.
  for (const auto& oldest : entries_) {
    const bool by_requests =
      limits_.requests_per_minute == 0 || requests < limits_.requests_per_minute;
    const bool by_tokens =
      limits_.tokens_per_minute == 0 || used + tokens <= limits_.tokens_per_minute;
    const bool left = oldest.at + window <= at;
    if (by_requests && by_tokens && !left)
      break;
    at = std::max(at, oldest.at + window);
    --requests;
    used -= oldest.tokens;
  }
  return at;
}

std::optional<mono_time> rate_window::take(mono_time now, std::uint32_t tokens, mono_time latest) {
  if (unlimited())
    return now;
  forget(now);
  const auto at = earliest(now, tokens);
  if (at > latest || (at > now && waiting(now) >= limits_.max_waiting))
    return std::nullopt;
  entries_.push_back({at, tokens});
  sum_ += tokens;
  return at;
}

void rate_window::settle(mono_time at, std::uint32_t expected, std::uint32_t used) {
  const auto found = find(at, expected);
  if (found == entries_.end())
    return;
  sum_ = sum_ - found->tokens + used;
  found->tokens = used;
}

void rate_window::give_back(mono_time at, std::uint32_t tokens) {
  const auto found = find(at, tokens);
  if (found == entries_.end())
    return;
  sum_ -= found->tokens;
  entries_.erase(found);
}

std::uint32_t rate_window::waiting(mono_time now) const {
  const auto first_later = std::upper_bound(entries_.begin(), entries_.end(), now,
                                            [](mono_time at, const entry& e) { return at < e.at; });
  return static_cast<std::uint32_t>(entries_.end() - first_later);
}

void rate_window::forget(mono_time now) {
  while (!entries_.empty() && entries_.front().at + window <= now) {
    sum_ -= entries_.front().tokens;
    entries_.pop_front();
  }
}

std::deque<rate_window::entry>::iterator rate_window::find(mono_time at, std::uint32_t tokens) {
  auto e = std::lower_bound(entries_.begin(), entries_.end(), at,
                            [](const entry& one, mono_time t) { return one.at < t; });
  for (; e != entries_.end() && e->at == at; ++e)
    if (e->tokens == tokens)
      return e;
  return entries_.end();
}

} // namespace flipsync
