#include "agents/marketplace/deal_rules.hpp"

#include <algorithm>

#include "agents/common/margin.hpp"
#include "agents/common/wording.hpp"

namespace flipsync::marketplace {

namespace {

constexpr std::int64_t least_margin_percent = 15;
constexpr std::int64_t largest_discount_percent = 10;

bool margin_suffices(money offer, money kept) {
  return offer.cents > 0 && kept.cents * 100 >= offer.cents * least_margin_percent;
}

bool discount_is_small(money offer, money price) {
  return (price - offer).cents * 100 <= price.cents * largest_discount_percent;
}

/// Rounded up, so that it never undercuts the middle.
money halfway(money a, money b) { return {a.cents + (b.cents - a.cents + 1) / 2}; }

/// What the lines come to that are not undone.
money standing_total(const std::vector<order_line>& lines) {
  money total;
  for (const auto& line : lines)
    if (line.state != order_state::undone)
      total = plus(total, times(line.unit_price, line.quantity));
  return total;
}

} // namespace

money fee_of(money price, const marketplace_rules& rules) {
  return scale(price, rules.fee_thousandths) + rules.fixed_fee;
}

std::string_view to_string(offer_answer a) noexcept {
  switch (a) {
  case offer_answer::accept:
    return "accept";
  case offer_answer::counter:
    return "counter";
  case offer_answer::decline:
    return "decline";
  }
  return "decline";
}

offer_verdict evaluate_offer(money offer, money price, std::optional<money> cost,
                             const marketplace_rules* rules) {
  offer_verdict verdict;
  if (rules != nullptr)
    verdict.fee = fee_of(offer, *rules);
  if (offer.cents <= 0) {
    verdict.reason = "an offer has to be above zero";
    return verdict;
  }
  if (cost)
    verdict.margin = ratio(offer - verdict.fee - *cost, offer);
  verdict.needs_human = !cost || below_floor(offer, *cost);
  if (offer >= price && price.cents > 0 && !(cost && verdict.needs_human)) {
    verdict.answer = offer_answer::accept;
    verdict.needs_human = false;
    verdict.reason = "it is no less than the price";
  } else if (!cost) {
    verdict.reason = "the cost is not known, so the margin cannot be checked and a human decides";
  } else if (verdict.needs_human) {
    verdict.counter = floor_price(*cost);
    verdict.reason = "it is below the floor of " + show(*verdict.counter)
                     + " (cost × 1.1), which only a human may allow";
  } else if (margin_suffices(offer, offer - verdict.fee - *cost)
             && discount_is_small(offer, price)) {
    verdict.answer = offer_answer::accept;
    verdict.reason = "it leaves a margin of at least 15 % and is at most 10 % below the price";
  } else {
    verdict.answer = offer_answer::counter;
    verdict.counter = std::max(halfway(offer, price), floor_price(*cost));
    verdict.reason = discount_is_small(offer, price) ? "the margin would be below 15 %"
                                                     : "it is more than 10 % below the price";
  }
  return verdict;
}

std::string_view to_string(refund_answer a) noexcept {
  switch (a) {
  case refund_answer::allowed:
    return "allowed";
  case refund_answer::human:
    return "human";
  case refund_answer::refused:
    return "refused";
  }
  return "refused";
}

money order_total(const std::vector<order_line>& lines) {
  money total;
  for (const auto& line : lines)
    total = plus(total, times(line.unit_price, line.quantity));
  return total;
}

refund_verdict check_refund(const std::vector<order_line>& lines, std::optional<money> asked,
                            const shop_rules& rules, wall_time now) {
  using days = std::chrono::days;
  const auto whole = order_total(lines);
  const auto total = standing_total(lines);
  const bool undone = std::all_of(lines.begin(), lines.end(), [](const order_line& line) {
    return line.state == order_state::undone;
  });
  const auto age = std::max(now - lines.front().ordered_at, std::chrono::milliseconds{0});
  refund_verdict verdict;
  verdict.amount = asked.value_or(undone ? whole : total);
  verdict.age_days = std::chrono::duration_cast<days>(age).count();
  if (undone)
    verdict.reason = "the order is " + lines.front().status + " already";
  else if (age > days{rules.refund_days})
    verdict.reason = "it was placed " + wording::age(age) + " ago, and refunds end after "
                     + wording::count(rules.refund_days, "day");
  else if (verdict.amount > total)
    verdict.reason = show(verdict.amount) + " is more than the " + show(total)
                     + (total == whole ? " that were paid" : " of the lines that still stand");
  else if (verdict.amount > rules.human_refund_above) {
    verdict.answer = refund_answer::human;
    verdict.reason = show(verdict.amount) + " is above " + show(rules.human_refund_above)
                     + ", from where a human decides";
  } else {
    verdict.answer = refund_answer::allowed;
    verdict.reason = "it is within " + wording::count(rules.refund_days, "day") + " and not above "
                     + show(rules.human_refund_above);
  }
  return verdict;
}

} // namespace flipsync::marketplace
