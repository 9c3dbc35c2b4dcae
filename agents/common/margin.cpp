#include "agents/common/margin.hpp"

#include <limits>

namespace flipsync {

std::optional<double> margin_of(money price, std::optional<money> cost) {
  if (!cost || price.cents <= 0)
    return std::nullopt;
  return ratio(price - *cost, price);
}

bool margin_above(money price, money cost, std::int64_t percent) {
  return price.cents > 0 && (price - cost).cents * 100 > price.cents * percent;
}

bool margin_at_least(money price, money cost, std::int64_t percent) {
  return price.cents > 0 && (price - cost).cents * 100 >= price.cents * percent;
}

money floor_price(money cost) {
  const auto tenths = cost.cents * 11;
  return {tenths / 10 + (tenths % 10 > 0 ? 1 : 0)};
}

bool below_floor(money price, money cost) { return price.cents * 10 < cost.cents * 11; }

money times(money amount, std::int64_t n) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(amount.cents, n, &product))
    return {product};
  const bool negative = (amount.cents < 0) != (n < 0);
  return {negative ? std::numeric_limits<std::int64_t>::min()
                   : std::numeric_limits<std::int64_t>::max()};
}

money plus(money a, money b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a.cents, b.cents, &sum))
    return {sum};
  return {a.cents < 0 ? std::numeric_limits<std::int64_t>::min()
                      : std::numeric_limits<std::int64_t>::max()};
}

} // namespace flipsync
