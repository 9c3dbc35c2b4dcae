#include "agents/competitor/rival_rules.hpp"

#include <algorithm>

namespace flipsync::competitor {

std::optional<undercut> find_undercut(money own, const std::vector<rival_price>& rivals) {
  if (own.cents <= 0)
    return std::nullopt;
  std::vector<rival_price> below;
  std::copy_if(rivals.begin(), rivals.end(), std::back_inserter(below),
               [&](const rival_price& rival) { return rival.price < own; });
  const auto sum = summarize(below);
  if (!sum)
    return std::nullopt;
  undercut cut;
  cut.by = sum->cheapest;
  cut.price = sum->lowest;
  cut.share = ratio(own - sum->lowest, own);
  cut.undercutters = sum->competitors;
  cut.severe = (own - sum->lowest).cents * 10 > own.cents;
  return cut;
}

bool is_stale(const rival_summary& rivals, wall_time now) {
  return data_age(rivals, now) >= std::chrono::hours{6};
}

std::vector<price_move> moves_of(const product_dossier_row& row) {
  if (!row.item)
    return {};
  auto seen = row.rivals;
  seen.insert(seen.end(), row.rival_history.begin(), row.rival_history.end());
  std::stable_sort(seen.begin(), seen.end(), [](const rival_price& a, const rival_price& b) {
    return a.seen_at > b.seen_at;
  });
  std::vector<price_move> moves;
  for (auto later = seen.begin(); later != seen.end(); ++later) {
    const auto earlier = std::find_if(later + 1, seen.end(), [&](const rival_price& other) {
      return other.competitor == later->competitor && other.marketplace == later->marketplace
             && other.seen_at < later->seen_at;
    });
    if (earlier != seen.end() && earlier->price != later->price)
      moves.push_back({row.item->sku, row.item->title, later->competitor, earlier->price,
                       later->price, later->seen_at});
  }
  return moves;
}

} // namespace flipsync::competitor
