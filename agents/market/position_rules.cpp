#include "agents/market/position_rules.hpp"

#include <algorithm>
#include <cmath>

#include "agents/common/margin.hpp"

namespace flipsync::market {

std::string_view to_string(position p) noexcept {
  switch (p) {
  case position::low:
    return "low";
  case position::middle:
    return "middle";
  case position::high:
    return "high";
  }
  return "middle";
}

std::optional<double> percentile(money own, const std::vector<rival_price>& rivals) {
  double below = 0;
  double all = 0;
  for (const auto& rival : rivals) {
    if (rival.price.cents <= 0)
      continue;
    all += 1;
    if (rival.price < own)
      below += 1;
    else if (rival.price == own)
      below += 0.5;
  }
  return all > 0 ? std::optional{below / all} : std::nullopt;
}

position position_of(double percentile) {
  if (percentile < 0.25)
    return position::low;
  return percentile > 0.75 ? position::high : position::middle;
}

opportunity score(const opportunity_facts& facts) {
  opportunity result;
  double weight = 0;
  double sum = 0;
  const auto part = [&](const char* name, double its_weight, std::optional<double> share) {
    if (!share)
      return result.missing.emplace_back(name), void();
    const double bounded = std::clamp(*share, 0.0, 1.0);
    result.shares.push_back({name, bounded, its_weight});
    weight += its_weight;
    sum += its_weight * bounded;
  };
  const auto demand = facts.per_day ? std::optional{*facts.per_day / 2} : std::nullopt;
  std::optional<double> room;
  if (facts.average && facts.average->cents > 0)
    room = ratio(*facts.average - facts.price, *facts.average) / 0.2;
  auto margin = margin_of(facts.price, facts.cost);
  if (margin)
    *margin /= 0.4;
  std::optional<double> competition;
  if (facts.competitors)
    competition = 1 - static_cast<double>(std::min<std::size_t>(*facts.competitors, 5)) / 5;
  part("demand", 40, demand);
  part("price room", 30, room);
  part("margin", 20, margin);
  part("competition", 10, competition);
  result.score = weight > 0 ? std::round(1000 * sum / weight) / 10 : 0;
  return result;
}

} // namespace flipsync::market
