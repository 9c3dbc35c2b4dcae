#pragma once
/// Where a product stands among its rivals, and how good an opportunity it is. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/product.hpp"

namespace flipsync::market {

enum class position : std::uint8_t { low, middle, high };
std::string_view to_string(position p) noexcept;

/// Share of rivals' prices below ours, an equal price counting half: 0 is cheaper than all, 1
/// dearer than all. nullopt without a rival's price.
std::optional<double> percentile(money own, const std::vector<rival_price>& rivals);
/// Below the first quarter low, above the last high.
position position_of(double percentile);

struct opportunity_facts {
  money price;
  std::optional<money> cost;
  std::optional<double> per_day;
  std::optional<money> average; ///< of rivals' prices
  std::optional<std::size_t> competitors;
};
struct opportunity {
  double score = 0; ///< 0 to 100
  struct part {
    std::string name;
    double share = 0;  ///< 0 to 1
    double weight = 0; ///< points of a full share
  };
  std::vector<part> shares; ///< of the parts that are known
  std::vector<std::string> missing;
};
/// Weighted mean of what is known, times 100:
/// - demand (40): velocity / 2 per day, at most 1 (the pricing rules' bound of a fast seller)
/// - price room (30): how far the price lies below the rivals' average, 20 % and more being 1
/// - margin (20): margin / 40 %, at most 1
/// - competition (10): 1 without a rival, 0 with five or more
/// What is not known has no weight and is named in `missing`.
opportunity score(const opportunity_facts& facts);

} // namespace flipsync::market
