#include "agents/pricing/tested_price.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/common/focus_plan.hpp"
#include "runtime/core/text/number_text.hpp"

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

/// The number of "10 %", "10%" and "10 percent"; nullopt where there is none.
std::optional<double> percentage_of(std::string_view text) {
  for (std::size_t at = text.find_first_of("0123456789"); at != std::string_view::npos;) {
    const auto end = std::min(text.find_first_not_of("0123456789.", at), text.size());
    const auto after = text.find_first_not_of(' ', end);
    const auto rest = after == std::string_view::npos ? std::string_view{} : text.substr(after);
    if (rest.starts_with('%') || rest.starts_with("percent"))
      return number_of(text.substr(at, end - at));
    at = text.find_first_of("0123456789", end);
  }
  return std::nullopt;
}

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
