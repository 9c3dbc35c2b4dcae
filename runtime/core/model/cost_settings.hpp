#pragma once
/// What may be spent on model calls. Each one is an option and a row in docs/configuration.md.

#include <cstdint>

#include "runtime/core/types/usd.hpp"

namespace flipsync {

/// 0: no limit. All but the first are of a day, which begins at midnight UTC.
struct cost_limits {
  usd request{100'000'000}; ///< of one turn
  usd conversation{0};
  usd tenant{0};
  usd day{10'000'000'000}; ///< of all tenants together
  friend bool operator==(const cost_limits&, const cost_limits&) = default;
};

struct cost_settings {
  cost_limits limits;
  /// Tokens that are set aside for an answer whose length nobody limits.
  std::uint32_t unlimited_answer = 2048;
};

} // namespace flipsync
