#pragma once
/// Fees, offers and refunds (BUSINESS: listing and marketplace; the marketplace agent). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::marketplace {

/// The marketplace's share of the price, rounded half away from zero, plus its fixed fee.
money fee_of(money price, const marketplace_rules& rules);

enum class offer_answer : std::uint8_t { accept, counter, decline };
std::string_view to_string(offer_answer a) noexcept;

struct offer_verdict {
  offer_answer answer = offer_answer::decline;
  std::optional<double> margin; ///< (offer − fee − cost) / offer
  money fee;
  std::optional<money>
    counter;                ///< set where the answer is counter, or decline with a floor to name
  bool needs_human = false; ///< below cost × 1.1, or the cost is not known
  std::string reason;       ///< half a sentence
};
/// - at or above the price: accept (with an unknown cost too)
/// - cost unknown: a human decides; nothing is countered
/// - below cost × 1.1: decline, naming that floor; only a human may go below
/// - margin after fees of at least 15 % and at most 10 % below the price: accept
/// - else counter, half-way between offer and price (rounded up), at least the floor
offer_verdict evaluate_offer(money offer, money price, std::optional<money> cost,
                             const marketplace_rules* rules);

enum class refund_answer : std::uint8_t { allowed, human, refused };
std::string_view to_string(refund_answer a) noexcept;

struct refund_verdict {
  refund_answer answer = refund_answer::refused;
  money amount; ///< what would be paid back
  std::int64_t age_days = 0;
  std::string reason; ///< half a sentence
};
/// Refused after `refund_days`, for an order of which no line stands (order_state::undone), and
/// above what the standing lines come to; a human's above the set amount. `asked` unset: all that
/// stands. `lines` is not empty.
refund_verdict check_refund(const std::vector<order_line>& lines, std::optional<money> asked,
                            const shop_rules& rules, wall_time now);

/// What the lines of an order come to, undone or not.
money order_total(const std::vector<order_line>& lines);

} // namespace flipsync::marketplace
