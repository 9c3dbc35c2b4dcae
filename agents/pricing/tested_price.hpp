#pragma once
/// The price that a message wants to have tried. Pure.

#include <optional>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::pricing {

/// "at $50", "raise it to $70": that amount. "cut by 10 %", "15 % off", "raise it by 5 %": the
/// present price, changed so. nullopt where there is neither, and where the message speaks of
/// costs, whose amounts are no prices.
std::optional<money> tested_price(const message_reading& message, money present);

} // namespace flipsync::pricing
