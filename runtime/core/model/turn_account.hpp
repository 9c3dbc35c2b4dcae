#pragma once
/// What one turn has spent on model calls.

#include <atomic>
#include <optional>

#include "runtime/core/types/usd.hpp"

namespace flipsync {

/// Written by the cost ledger, under its lock; `cost` and `wasted` are read by anybody.
class turn_account {
public:
  /// `limit`: what the caller allows, if that is less than the configured limit of a request.
  explicit turn_account(std::optional<usd> limit = std::nullopt) : limit_{limit} {}

  /// What answers have cost.
  [[nodiscard]] usd cost() const noexcept { return {cost_.load()}; }
  /// What attempts that gave no answer are known to have cost.
  [[nodiscard]] usd wasted() const noexcept { return {wasted_.load()}; }

private:
  friend class cost_ledger;
  std::optional<usd> limit_;
  usd held_;
  std::atomic<std::int64_t> cost_ = 0;
  std::atomic<std::int64_t> wasted_ = 0;
};

} // namespace flipsync
