#pragma once
/// Margin and price floor (BUSINESS: pricing rules). Comparisons are exact, in integer cents.

#include <cstdint>
#include <optional>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// (price − cost) / price; nullopt without a cost or with a price that is not positive.
std::optional<double> margin_of(money price, std::optional<money> cost);
/// margin > percent, exactly; false for a price that is not positive.
bool margin_above(money price, money cost, std::int64_t percent);
/// margin ≥ percent, exactly; false for a price that is not positive.
bool margin_at_least(money price, money cost, std::int64_t percent);
/// cost × 1.1 rounded up to the cent, so that it never lies below the rule's floor.
money floor_price(money cost);
/// True where price < cost × 1.1: then only a human may say yes.
bool below_floor(money price, money cost);
/// amount × n; at the ends of the range it stays there instead of wrapping round.
money times(money amount, std::int64_t n);
/// a + b, likewise.
money plus(money a, money b);

} // namespace flipsync
