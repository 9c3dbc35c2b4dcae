#pragma once
/// Rivals' prices of one product in a few figures.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync {

struct rival_summary {
  std::size_t competitors = 0; ///< different names; one rival on two marketplaces counts once
  std::size_t offers = 0;      ///< prices that the figures below are made of
  money lowest;
  money average; ///< to the cent, half rounded up
  money highest;
  std::string cheapest; ///< the name that asks the lowest price
  wall_time newest{};
  wall_time oldest{};
};

/// nullopt where there is no price above zero.
std::optional<rival_summary> summarize(const std::vector<rival_price>& prices);
/// What is left of a message about undercuts that may be a rival's name; empty where nothing is.
std::string rival_words(const message_reading& message);
/// The prices of those rivals whose names the message holds.
std::vector<rival_price> named_rivals(const message_reading& message,
                                      const std::vector<rival_price>& prices);
/// "DealHarbor asks $64.99 for Title (SKU X) on ebay; the shop's price is $66.99."
std::string asks_sentence(const rival_price& rival, const product& item);
/// How old the newest price is; a time in the future counts as now.
std::chrono::milliseconds data_age(const rival_summary& rivals, wall_time now);

} // namespace flipsync
