#include "agents/pricing/price_rules.hpp"

#include <algorithm>
#include <cstdlib>

#include "agents/common/margin.hpp"

namespace flipsync::pricing {

namespace {

constexpr std::int64_t ample_stock = 50;
constexpr std::int64_t scarce_stock = 10;
constexpr std::int64_t premium_margin_percent = 30;
constexpr double fast_per_day = 2;
constexpr double slow_per_day = 0.5;

std::optional<money> dynamic_price(const price_facts& facts) {
  if (facts.per_day && *facts.per_day > fast_per_day)
    return std::min(scale(facts.current, 1030), facts.rivals->average);
  if (facts.per_day && *facts.per_day < slow_per_day) {
    if (!facts.cost)
      return std::nullopt;
    return std::max(scale(facts.current, 970), scale(*facts.cost, 1150));
  }
  return scale(facts.rivals->average, 990);
}

/// |to − from| < percent of from, exactly; false where there was no price to change.
bool changes_less_than(money from, money to, std::int64_t percent) {
  return from.cents > 0
         && std::abs((to - from).cents)
              < from.cents / 100 * percent + (from.cents % 100 * percent + 99) / 100;
}

} // namespace

std::string_view to_string(strategy s) noexcept {
  switch (s) {
  case strategy::cost_plus:
    return "cost_plus";
  case strategy::penetration:
    return "penetration";
  case strategy::premium:
    return "premium";
  case strategy::competitive:
    return "competitive";
  case strategy::dynamic:
    return "dynamic";
  }
  return "dynamic";
}

std::optional<strategy> choose_strategy(const price_facts& facts) {
  if (!facts.rivals)
    return facts.cost ? std::optional{strategy::cost_plus} : std::nullopt;
  if (facts.cost && facts.stock && *facts.stock > ample_stock)
    return strategy::penetration;
  if (facts.cost && facts.stock && *facts.stock < scarce_stock
      && margin_above(facts.current, *facts.cost, premium_margin_percent))
    return strategy::premium;
  if (facts.current.cents * 10 > facts.rivals->average.cents * 11)
    return strategy::competitive;
  return strategy::dynamic;
}

std::optional<money> strategy_price(strategy s, const price_facts& facts) {
  const bool wants_cost =
    s == strategy::cost_plus || s == strategy::penetration || s == strategy::premium;
  if ((wants_cost && !facts.cost) || (s != strategy::cost_plus && !facts.rivals))
    return std::nullopt;
  switch (s) {
  case strategy::competitive:
    return scale(facts.rivals->average, 980);
  case strategy::premium:
    return std::min(scale(facts.rivals->highest, 1050), scale(*facts.cost, 1500));
  case strategy::penetration:
    return std::max(scale(facts.rivals->lowest, 950), scale(*facts.cost, 1100));
  case strategy::dynamic:
    return dynamic_price(facts);
  case strategy::cost_plus:
    return scale(*facts.cost, 1250);
  }
  return std::nullopt;
}

double confidence(const price_facts& facts, money proposed) {
  using namespace std::chrono_literals;
  int hundredths = 50;
  const auto competitors = facts.rivals ? facts.rivals->competitors : 0;
  if (competitors >= 5)
    hundredths += 20;
  else if (competitors >= 3)
    hundredths += 10;
  if (changes_less_than(facts.current, proposed, 5))
    hundredths += 20;
  else if (changes_less_than(facts.current, proposed, 10))
    hundredths += 10;
  if (facts.data_age && *facts.data_age < 1h)
    hundredths += 10;
  else if (facts.data_age && *facts.data_age < 6h)
    hundredths += 5;
  return std::min(hundredths, 100) / 100.0;
}

price_advice advise(const price_facts& facts) {
  price_advice advice;
  if (!facts.cost)
    advice.missing.emplace_back("cost");
  if (!facts.rivals)
    advice.missing.emplace_back("competitor prices");
  else if (!facts.stock)
    advice.missing.emplace_back("stock");
  advice.by = choose_strategy(facts);
  if (!advice.by)
    return advice;
  if (*advice.by == strategy::dynamic && !facts.per_day)
    advice.missing.emplace_back("sales velocity");
  advice.price = strategy_price(*advice.by, facts);
  if (!advice.price)
    return advice;
  if (facts.cost && below_floor(*advice.price, *facts.cost)) {
    advice.below_floor = advice.price;
    advice.price = floor_price(*facts.cost);
  }
  advice.needs_human = !facts.cost;
  advice.confidence = confidence(facts, *advice.price);
  return advice;
}

} // namespace flipsync::pricing
