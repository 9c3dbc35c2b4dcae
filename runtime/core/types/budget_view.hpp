#pragma once
/// What was spent on model calls today and what is left, as values.

#include <string>
#include <vector>

#include "runtime/core/ports/spending_book.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

struct budget_line {
  std::string limit;  ///< "day" or "tenant"
  std::string tenant; ///< empty for the day's
  usd most;           ///< 0: no limit
  usd spent;          ///< today, wasted included
  usd reserved;       ///< for attempts under way
};

struct budget_view {
  day_point day{};
  wall_time resets_at{};
  usd per_request;      ///< 0: no limit
  usd per_conversation; ///< of a day; 0: no limit
  std::vector<budget_line> lines;
  std::vector<spending_row> rows; ///< by tenant, provider and model
};

} // namespace flipsync
