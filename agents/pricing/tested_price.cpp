#include "agents/pricing/tested_price.hpp"

#include <array>
#include <cmath>

#include "agents/common/focus_plan.hpp"
#include "agents/common/percentage.hpp"

namespace flipsync::pricing {

namespace {

constexpr std::array<std::string_view, 11> of_costs{
  "cost rises", "costs rise", "cost goes",  "costs go", "cost increases", "cost drops",
  "cost falls", "cost is",    "costs were", "costs me", "shipping"};
constexpr std::array<std::string_view, 17> down_words{
  "cut",      "lower",     "lowered",  "lowering", "drop",       "dropped",
  "reduce",   "reduced",   "decrease", "discount", "discounted", "off",
  "markdown", "mark down", "cheaper",  "less",     "down"};
constexpr std::array<std::string_view, 9> up_words{
  "raise", "raised", "raising", "increase", "higher", "up", "hike", "more", "mark up"};

} // namespace

std::optional<money> tested_price(const message_reading& message, money present) {
  if (holds_any_phrase(message.words, of_costs))
    return std::nullopt;
  if (message.amount)
    return message.amount;
  const auto percentage = percentage_of(message.text);
  const bool down = holds_any_phrase(message.words, down_words);
  if (!percentage || !(down || holds_any_phrase(message.words, up_words)))
    return std::nullopt;
  const auto share = down ? 100 - *percentage : 100 + *percentage;
  if (*percentage <= 0 || share < 0 || share > 1000)
    return std::nullopt;
  return scale(present, std::llround(share * 10));
}

} // namespace flipsync::pricing
