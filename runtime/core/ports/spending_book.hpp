#pragma once
/// Where the daily totals of model calls are kept.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/usd.hpp"

namespace flipsync {

/// A day in UTC.
using day_point = std::chrono::sys_days;

/// What one tenant's calls of one model came to on one day.
struct spending_row {
  day_point day{};
  std::string tenant;
  std::string provider;
  std::string model;
  std::uint64_t answers = 0;  ///< attempts that answered
  std::uint64_t failures = 0; ///< attempts that did not and are known to have cost
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
  usd cost;   ///< of the answers
  usd wasted; ///< of the failures
  friend bool operator==(const spending_row&, const spending_row&) = default;
};

/// Used from one thread, as the store is.
class spending_book {
public:
  virtual ~spending_book() = default;
  /// Adds each row to what is kept of its day, tenant, provider and model, all in one transaction,
  /// durable when it returns. Errors: store_failed (nothing added).
  virtual result<void> add(const std::vector<spending_row>& rows) = 0;
  /// All rows of a day. Errors: store_failed.
  virtual result<std::vector<spending_row>> of_day(day_point day) = 0;
};

} // namespace flipsync
