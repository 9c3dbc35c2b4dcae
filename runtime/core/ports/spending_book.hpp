#pragma once
/// Where the daily totals of model calls are kept, and where they come from.

#include <chrono>
#include <cstdint>
#include <memory>
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

/// Has what was spent and is not kept yet. Thread-safe; never waits for the store.
class spending_source {
public:
  virtual ~spending_source() = default;
  /// What came since the last time, as rows to add to what is kept.
  [[nodiscard]] virtual std::vector<spending_row> take_unsaved() = 0;
  /// They could not be kept; they count as unsaved again.
  virtual void give_back(const std::vector<spending_row>& rows) = 0;
};

/// Used from one thread, as the store is.
class spending_book {
public:
  virtual ~spending_book() = default;
  /// From now on each commit of turns keeps what `from` has, too, in the same transaction: added to
  /// what is kept of the row's day, tenant, provider and model. What was spent before a turn was
  /// given to the store is therefore kept when the turn is. Before anybody else uses the store.
  virtual void follow(std::shared_ptr<spending_source> from) = 0;
  /// Keeps what the source has now, durable when it returns. Errors: store_failed (the source has
  /// it again).
  virtual result<void> keep() = 0;
  /// All rows of a day. Errors: store_failed.
  virtual result<std::vector<spending_row>> of_day(day_point day) = 0;
};

} // namespace flipsync
