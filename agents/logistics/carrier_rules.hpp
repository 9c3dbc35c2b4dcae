#pragma once
/// Which carrier takes a parcel, and how a load is split. Pure. Weights are whole grams.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/skill.hpp"
#include "runtime/core/types/product.hpp"

namespace flipsync::logistics {

/// The cheapest rate of each carrier, service and zone that carries the weight, cheapest first, the
/// faster first at the same price. `zone` empty: all zones. `within_days`: only those that promise
/// it; a rate that promises nothing is left out then.
std::vector<shipping_rate> options(const std::vector<shipping_rate>& rates, std::int64_t weight_g,
                                   const std::string& zone,
                                   std::optional<std::int64_t> within_days);
/// The one with the fewest days, the cheaper of equals; nullopt where none promises any.
std::optional<shipping_rate> fastest(const std::vector<shipping_rate>& rates);

struct split {
  shipping_rate full; ///< carrier, service and zone, and the rate of a full parcel
  std::int64_t parcels = 0;
  std::int64_t units_per_parcel = 0;
  money total;
};
/// The cheapest way to send `units` of `unit_weight_g` each with one service, as many to a parcel
/// as its largest rate carries, the last parcel at its own rate. A unit is never divided: nullopt
/// where one unit is too heavy for every rate, or there is nothing to send.
std::optional<split> cheapest_split(const std::vector<shipping_rate>& rates, std::int64_t units,
                                    std::int64_t unit_weight_g, const std::string& zone);

/// "within 3 days", "in 2 business days", "2-day", "overnight", "next day".
std::optional<std::int64_t> promised_days(const std::vector<std::string>& words);
/// The zone that the message names: its own field, else one of the table's whose name it holds.
/// Empty: none.
std::string zone_of(const message_reading& message, const std::vector<std::string>& zones);

} // namespace flipsync::logistics
