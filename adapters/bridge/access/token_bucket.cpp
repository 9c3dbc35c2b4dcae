#include "adapters/bridge/access/token_bucket.hpp"

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::int64_t one = 1000;
constexpr std::int64_t minute = 60'000; // milliseconds

} // namespace

std::optional<std::chrono::milliseconds> token_bucket::take(std::uint32_t per_minute,
                                                            time_point now) {
  const auto size = one * per_minute;
  // Time that is longer than a minute fills any bucket, and must not overflow.
  const auto passed = std::clamp<std::int64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now - at_).count(), 0, minute);
  const auto grown = passed * per_minute * one / minute;
  if (grown > 0 || passed == minute) {
    used_ = std::max<std::int64_t>(std::min(used_, size) - grown, 0);
    at_ = now; // else less than a thousandth has grown: it counts with what comes later
  }
  if (used_ + one <= size) {
    used_ += one;
    return std::nullopt;
  }
  const auto missing = used_ + one - size;
  return std::chrono::milliseconds{
    std::max<std::int64_t>((missing * minute + one * per_minute - 1) / (one * per_minute), 1)};
}

std::optional<std::chrono::milliseconds>
token_buckets::take(std::string_view name, std::uint32_t per_minute, time_point now) {
  if (per_minute == 0)
    return std::nullopt;
  const std::lock_guard lock{mutex_};
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    return known->second->bucket.take(per_minute, now);
  }
  if (entries_.size() >= most_ && !entries_.empty()) {
    by_name_.erase(entries_.back().name);
    entries_.pop_back();
  }
  entries_.push_front({std::string{name}, token_bucket{now}});
  by_name_.emplace(entries_.front().name, entries_.begin());
  return entries_.front().bucket.take(per_minute, now);
}

std::size_t token_buckets::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

} // namespace flipsync
