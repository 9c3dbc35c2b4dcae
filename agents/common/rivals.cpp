#include "agents/common/rivals.hpp"

#include <algorithm>
#include <string_view>

namespace flipsync {

namespace {

/// Σ/n without the sum, which could pass the range of 64 bits.
money average_of(const std::vector<const rival_price*>& offers) {
  const auto n = static_cast<std::int64_t>(offers.size());
  std::int64_t whole = 0;
  std::int64_t rest = 0;
  for (const auto* offer : offers) {
    whole += offer->price.cents / n;
    rest += offer->price.cents % n;
  }
  return {whole + (2 * rest + n) / (2 * n)};
}

} // namespace

std::optional<rival_summary> summarize(const std::vector<rival_price>& prices) {
  std::vector<const rival_price*> offers;
  std::vector<std::string_view> names;
  for (const auto& price : prices) {
    if (price.price.cents <= 0)
      continue;
    offers.push_back(&price);
    if (std::find(names.begin(), names.end(), price.competitor) == names.end())
      names.push_back(price.competitor);
  }
  if (offers.empty())
    return std::nullopt;
  rival_summary sum{names.size(),       offers.size(),     offers[0]->price,
                    average_of(offers), offers[0]->price,  offers[0]->competitor,
                    offers[0]->seen_at, offers[0]->seen_at};
  for (const auto* offer : offers) {
    if (offer->price < sum.lowest) {
      sum.lowest = offer->price;
      sum.cheapest = offer->competitor;
    }
    sum.highest = std::max(sum.highest, offer->price);
    sum.newest = std::max(sum.newest, offer->seen_at);
    sum.oldest = std::min(sum.oldest, offer->seen_at);
  }
  return sum;
}

std::chrono::milliseconds data_age(const rival_summary& rivals, wall_time now) {
  return std::max(now - rivals.newest, std::chrono::milliseconds{0});
}

} // namespace flipsync
