#pragma once
/// What a provider's retries and hedges draw on, so that an outage does not multiply the load:
/// pure.

#include <algorithm>
#include <cstdint>

#include "runtime/core/model/conduct_settings.hpp"

namespace flipsync {

/// Begins full. A success adds a little, a draw takes one token, and below half nothing is given.
/// Source: PROVIDERS, conduct under fault.
class retry_bucket {
public:
  explicit retry_bucket(bucket_settings settings = {})
    : settings_{settings},
      level_{settings.max} {}

  void succeeded() noexcept { level_ = std::min(settings_.max, level_ + settings_.per_success); }
  /// Takes one token; false, and nothing is taken, below half.
  bool draw() noexcept {
    if (!can_draw())
      return false;
    level_ -= settings_.per_draw;
    return true;
  }
  [[nodiscard]] bool can_draw() const noexcept {
    return level_ * 2 >= settings_.max && level_ >= settings_.per_draw;
  }
  /// In whole tokens.
  [[nodiscard]] double level() const noexcept { return level_ / 10.0; }

private:
  bucket_settings settings_;
  std::uint32_t level_; ///< in tenths
};

} // namespace flipsync
