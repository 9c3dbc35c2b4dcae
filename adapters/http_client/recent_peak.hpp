#pragma once
/// The most of something that there was lately.

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace flipsync::http {

/// Remembers a count for one to two spans after it was last reached. Not thread-safe.
class recent_peak {
public:
  using clock = std::chrono::steady_clock;

  explicit recent_peak(clock::duration span) : span_{span} {}

  /// `now` never goes back.
  void saw(std::size_t count, clock::time_point now) noexcept {
    if (const auto passed = now - began_; passed >= span_) {
      before_ = passed < 2 * span_ ? current_ : 0;
      current_ = 0;
      began_ = now;
    }
    current_ = std::max(current_, count);
  }
  /// As of the last call of `saw`.
  [[nodiscard]] std::size_t most() const noexcept { return std::max(before_, current_); }

private:
  clock::duration span_;
  clock::time_point began_{}; ///< of the current span
  std::size_t before_ = 0;    ///< the most of the span before it
  std::size_t current_ = 0;
};

} // namespace flipsync::http
