#include "agents/common/velocity.hpp"

#include <algorithm>
#include <cmath>

#include "agents/common/wording.hpp"

namespace flipsync {

std::optional<velocity> velocity_of(const product_dossier_row& row) {
  // The longer window is the steadier figure; the shorter one counts where only it was read.
  for (const auto* window : {&row.last_30_days, &row.last_14_days}) {
    if (window->days_observed < min_days_of_orders)
      continue;
    const auto units = static_cast<double>(std::max<std::int64_t>(window->units, 0));
    return velocity{units / window->days_observed, velocity_source::orders, window->days_observed};
  }
  if (!row.item || !row.item->velocity_per_day)
    return std::nullopt;
  const double stated = *row.item->velocity_per_day;
  if (!std::isfinite(stated) || stated < 0)
    return std::nullopt;
  return velocity{stated, velocity_source::catalogue, 0};
}

std::string origin(const velocity& v) {
  return v.source == velocity_source::orders
           ? "from " + wording::count(v.days, "day") + " of orders"
           : "as the catalogue states";
}

} // namespace flipsync
