#pragma once
/// What to charge (BUSINESS: pricing rules). Pure functions on plain values. Money is integer
/// cents: a price is rounded half away from zero where a rule multiplies, the floor is rounded up.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/common/rivals.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync::pricing {

enum class strategy : std::uint8_t { cost_plus, penetration, premium, competitive, dynamic };
std::string_view to_string(strategy s) noexcept;

struct price_facts {
  money current;
  std::optional<money> cost;
  std::optional<std::int64_t> stock;
  std::optional<double> per_day; ///< units sold per day
  std::optional<rival_summary> rivals;
  std::optional<std::chrono::milliseconds> data_age; ///< of the newest rival price
};

/// The first that applies: no competitor price → cost_plus; stock > 50 → penetration; stock < 10
/// and margin > 30 % → premium; price > 1.1 × average → competitive; else dynamic. Without a cost,
/// those that need one (cost_plus, penetration, premium) are passed over; nullopt if none is left.
std::optional<strategy> choose_strategy(const price_facts& facts);

/// The price of a strategy before the floor; nullopt where it needs a figure that is not known.
/// - competitive: average × 0.98
/// - premium: min(highest × 1.05, cost × 1.5)
/// - penetration: max(lowest × 0.95, cost × 1.1)
/// - dynamic: over 2 a day min(current × 1.03, average); below 0.5 a day max(current × 0.97,
///   cost × 1.15); else, and where the velocity is unknown, average × 0.99
/// - cost_plus: cost × 1.25
std::optional<money> strategy_price(strategy s, const price_facts& facts);

/// 0.5; + 0.2 for ≥ 5 competitors or 0.1 for ≥ 3; + 0.2 if the change is < 5 % or 0.1 if < 10 %;
/// + 0.1 if the data is < 1 h old or 0.05 if < 6 h; at most 1.
double confidence(const price_facts& facts, money proposed);

struct price_advice {
  std::optional<strategy> by;       ///< nullopt: no rule applies
  std::optional<money> price;       ///< never below the floor where the cost is known
  std::optional<money> below_floor; ///< what the rule said, where the floor raised it
  bool needs_human = false;         ///< the floor could not be checked
  double confidence = 0;
  std::vector<std::string> missing; ///< figures that rules wanted
};
price_advice advise(const price_facts& facts);

} // namespace flipsync::pricing
