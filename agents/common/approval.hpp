#pragma once
/// Who may say yes to a proposal (BUSINESS: decisions and approval).

#include <cstdint>
#include <string_view>

namespace flipsync {

enum class approval : std::uint8_t { automatic, human, rejected };
/// "automatic", "human" or "rejected".
std::string_view to_string(approval a) noexcept;

/// Confidence at or above which a proposal is approved, and below which it is rejected; between
/// them a human decides.
struct approval_limits {
  double approve_from = 0.8;
  double reject_below = 0.6;
};
approval_limits limits_of(std::string_view agent) noexcept;

/// `human_only` for what no confidence can approve: strategy, budget, refunds above the set amount,
/// prices below cost × 1.1, purchases.
approval approve(std::string_view agent, double confidence, bool human_only) noexcept;

} // namespace flipsync
