#pragma once
/// Stock, reorder and buying (BUSINESS: inventory rules). Pure functions on plain values. Days and
/// velocities are doubles compared with a tolerance of 1e-9; quantities are rounded up to whole
/// units.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync::inventory {

struct stock_facts {
  money price;
  std::optional<money> cost;
  std::optional<std::int64_t> stock;
  std::optional<std::int64_t> max_stock;
  std::optional<double> per_day; ///< units sold per day
  double lead_time_days = 7;
  std::optional<double> safety_stock; ///< units; unset: half the lead-time demand
};

/// stock / velocity, in days; infinite where nothing sells; 0 at zero stock; nullopt where stock or
/// velocity is not known.
std::optional<double> cover_days(const stock_facts& facts);
/// Cover of more than 180 days.
bool overstocked(const stock_facts& facts);

enum class urgency : std::uint8_t { normal, high };
std::string_view to_string(urgency u) noexcept;

struct reorder_advice {
  bool overstock = false; ///< tested first: then there is nothing to reorder
  bool reorder = false;
  std::int64_t quantity = 0;              ///< max(max_stock − stock, lead-time demand × 2.5)
  urgency how_urgent = urgency::normal;   ///< high at zero stock or cover below the lead time
  std::optional<double> lead_time_demand; ///< velocity × lead time
  std::optional<double> safety_stock;
  double confidence = 0.8;
  std::vector<std::string> missing;
};
/// Reorder when stock ≤ lead-time demand + safety stock. At zero stock that holds whatever the
/// velocity, so it is said even where the velocity is not known.
reorder_advice advise_reorder(const stock_facts& facts);
/// The reorder quantity whether or not a reorder is due; nullopt where neither term can be
/// computed.
std::optional<std::int64_t> order_quantity(const stock_facts& facts);

/// (price − cost) / cost; nullopt without a cost above zero.
std::optional<double> roi(const stock_facts& facts);
/// quantity × cost / (velocity × price); infinite where nothing sells; nullopt without a cost, a
/// velocity or a price above zero.
std::optional<double> payback_days(const stock_facts& facts, std::int64_t quantity);

struct buying_advice {
  bool opportunity = false; ///< ROI ≥ 20 %, payback ≤ 90 days, margin ≥ 15 %
  std::int64_t quantity = 0;
  std::optional<double> roi;
  std::optional<double> payback_days;
  std::optional<double> margin;
  std::vector<std::string> against; ///< the conditions that fail, as half sentences
  double confidence = 0.7;
  std::vector<std::string> missing;
};
buying_advice advise_buying(const stock_facts& facts);

} // namespace flipsync::inventory
