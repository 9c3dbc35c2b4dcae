#include "agents/common/approval.hpp"

namespace flipsync {

namespace {
/// Confidences are sums of tenths; a sum that misses its limit by a rounding error still reaches
/// it.
constexpr double tolerance = 1e-9;
} // namespace

std::string_view to_string(approval a) noexcept {
  switch (a) {
  case approval::automatic:
    return "automatic";
  case approval::human:
    return "human";
  case approval::rejected:
    return "rejected";
  }
  return "human";
}

approval_limits limits_of(std::string_view agent) noexcept {
  if (agent == "content")
    return {0.9, 0.5};
  if (agent == "logistics")
    return {0.85, 0.6};
  if (agent == "executive")
    return {0.8, 0.7};
  return {};
}

approval approve(std::string_view agent, double confidence, bool human_only) noexcept {
  const auto limits = limits_of(agent);
  if (human_only)
    return approval::human;
  if (confidence + tolerance < limits.reject_below)
    return approval::rejected;
  return confidence + tolerance < limits.approve_from ? approval::human : approval::automatic;
}

} // namespace flipsync
