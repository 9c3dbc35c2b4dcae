#pragma once
/// How fast a product sells (BUSINESS: inventory rules).

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/core/ports/store.hpp"

namespace flipsync {

enum class velocity_source : std::uint8_t { orders, catalogue };

struct velocity {
  double per_day = 0; ///< units; never negative
  velocity_source source = velocity_source::catalogue;
  std::uint32_t days = 0; ///< days of orders it was taken from; 0 for the catalogue's figure
};

/// Days of orders from which on their figure wins over the catalogue's.
inline constexpr std::uint32_t min_days_of_orders = 14;

/// The orders' figure over up to 30 days when there are at least 14 days of them, else the
/// product's column; nullopt where neither is known.
std::optional<velocity> velocity_of(const product_dossier_row& row);
/// "from 30 days of orders" or "as the catalogue states".
std::string origin(const velocity& v);

} // namespace flipsync
