#include "agents/inventory/reorder_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/common/margin.hpp"
#include "agents/common/wording.hpp"

namespace flipsync::inventory {

namespace {

constexpr double tolerance = 1e-9;
constexpr double overstock_days = 180;
constexpr double order_factor = 2.5;
constexpr double best_payback_days = 90;
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::int64_t max_units = 1'000'000'000'000;

std::optional<double> lead_time_demand(const stock_facts& facts) {
  if (!facts.per_day)
    return std::nullopt;
  return *facts.per_day * facts.lead_time_days;
}

/// Whole units, rounded up; a product of doubles that is a hair above a whole number counts as it.
std::int64_t whole_units(double units) {
  if (!(units > 0))
    return 0;
  return units >= static_cast<double>(max_units)
           ? max_units
           : static_cast<std::int64_t>(std::ceil(units - tolerance));
}

} // namespace

std::string_view to_string(urgency u) noexcept { return u == urgency::high ? "high" : "normal"; }

std::optional<double> cover_days(const stock_facts& facts) {
  if (facts.stock && *facts.stock <= 0)
    return 0;
  if (!facts.stock || !facts.per_day)
    return std::nullopt;
  return *facts.per_day > 0 ? static_cast<double>(*facts.stock) / *facts.per_day : infinite;
}

bool overstocked(const stock_facts& facts) {
  const auto cover = cover_days(facts);
  return cover && *cover > overstock_days + tolerance;
}

std::optional<std::int64_t> order_quantity(const stock_facts& facts) {
  std::optional<std::int64_t> quantity;
  if (facts.max_stock && facts.stock)
    quantity = std::max<std::int64_t>(*facts.max_stock - *facts.stock, 0);
  if (const auto demand = lead_time_demand(facts))
    quantity = std::max(quantity.value_or(0), whole_units(*demand * order_factor));
  return quantity;
}

reorder_advice advise_reorder(const stock_facts& facts) {
  reorder_advice advice;
  if (!facts.stock)
    advice.missing.emplace_back("stock");
  if (!facts.per_day)
    advice.missing.emplace_back("sales velocity");
  if (!facts.max_stock)
    advice.missing.emplace_back("maximum stock");
  advice.lead_time_demand = lead_time_demand(facts);
  if (advice.lead_time_demand)
    advice.safety_stock = facts.safety_stock.value_or(*advice.lead_time_demand / 2);
  if (!facts.stock)
    return advice;
  advice.overstock = overstocked(facts);
  if (advice.overstock)
    return advice;
  const auto point = advice.lead_time_demand.value_or(0) + advice.safety_stock.value_or(0);
  const bool at_point = advice.lead_time_demand
                          ? static_cast<double>(*facts.stock) <= point + tolerance
                          : *facts.stock <= 0;
  advice.quantity = at_point ? order_quantity(facts).value_or(0) : 0;
  advice.reorder = at_point;
  const auto cover = cover_days(facts);
  if (*facts.stock <= 0 || (cover && *cover < facts.lead_time_days - tolerance))
    advice.how_urgent = urgency::high;
  return advice;
}

std::optional<double> roi(const stock_facts& facts) {
  if (!facts.cost || facts.cost->cents <= 0)
    return std::nullopt;
  return ratio(facts.price - *facts.cost, *facts.cost);
}

std::optional<double> payback_days(const stock_facts& facts, std::int64_t quantity) {
  if (!facts.cost || !facts.per_day || facts.price.cents <= 0)
    return std::nullopt;
  if (*facts.per_day <= 0)
    return infinite;
  return static_cast<double>(quantity) * static_cast<double>(facts.cost->cents)
         / (*facts.per_day * static_cast<double>(facts.price.cents));
}

buying_advice advise_buying(const stock_facts& facts) {
  buying_advice advice;
  if (!facts.cost || facts.cost->cents <= 0)
    advice.missing.emplace_back("cost");
  if (!facts.per_day)
    advice.missing.emplace_back("sales velocity");
  if (facts.price.cents <= 0)
    advice.missing.emplace_back("price");
  advice.roi = roi(facts);
  advice.margin = margin_of(facts.price, facts.cost);
  advice.quantity = order_quantity(facts).value_or(0);
  advice.payback_days = payback_days(facts, advice.quantity);
  if (!advice.missing.empty())
    return advice;
  if ((facts.price - *facts.cost).cents * 100 < facts.cost->cents * 20)
    advice.against.push_back("the return of " + wording::percent(*advice.roi) + " is below 20 %");
  if (*advice.payback_days > best_payback_days + tolerance)
    advice.against.push_back(std::isfinite(*advice.payback_days)
                               ? "the payback of " + wording::decimal(*advice.payback_days)
                                   + " days is longer than 90 days"
                               : std::string{"it does not sell, so it never pays back"});
  if (!margin_at_least(facts.price, *facts.cost, 15))
    advice.against.push_back("the margin of " + wording::percent(*advice.margin)
                             + " is below 15 %");
  if (advice.quantity == 0)
    advice.against.emplace_back("there is nothing to fill up");
  advice.opportunity = advice.against.empty();
  return advice;
}

} // namespace flipsync::inventory
