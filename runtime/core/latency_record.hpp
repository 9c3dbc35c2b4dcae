#pragma once
/// The last latencies of something, and their median.

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync {

/// Thread-safe; keeps the last 256.
class latency_record {
public:
  void record(std::chrono::microseconds took) {
    const std::lock_guard lock{mutex_};
    if (last_.size() < capacity)
      last_.push_back(took);
    else
      last_[next_++ % capacity] = took;
  }
  /// Nearest rank; all 0 if nothing was recorded.
  [[nodiscard]] percentiles spread() const {
    std::vector<std::chrono::microseconds> sorted;
    {
      const std::lock_guard lock{mutex_};
      sorted = last_;
    }
    if (sorted.empty())
      return {};
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](std::size_t percent) {
      return sorted[(sorted.size() * percent + 99) / 100 - 1];
    };
    return {at(50), at(95), at(99)};
  }
  /// 0 if nothing was recorded.
  [[nodiscard]] std::chrono::microseconds median() const {
    std::vector<std::chrono::microseconds> sorted;
    {
      const std::lock_guard lock{mutex_};
      sorted = last_;
    }
    if (sorted.empty())
      return std::chrono::microseconds{0};
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

private:
  static constexpr std::size_t capacity = 256;
  mutable std::mutex mutex_;
  std::vector<std::chrono::microseconds> last_;
  std::size_t next_ = 0;
};

} // namespace flipsync
