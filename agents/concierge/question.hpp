#pragma once
/// What a message asks of the storefront, concluded once a turn for its plan and all its skills.
/// Pure.

#include <vector>

#include "agents/concierge/search_rules.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::concierge {

struct question {
  bool of_unknown = false; ///< as asks_of_unknown() has it
  bool about_named = false;
  bool best_sellers = false;
  decision decided;
  /// The reads of the products that are meant or that match; empty where there is nothing to read.
  std::vector<store_query> reads;
};

/// As long as the reading; kept beside it. Thread-safe.
const question& question_of(const message_reading& message);

/// The question's reads for a customer from whom some products may be withheld. A search comes
/// twice: without those products, whose number is not told then, and with them, to know whether one
/// of them would be shown. Other lists come with more rows.
const std::vector<store_query>& careful_reads(const skill_input& input);

} // namespace flipsync::concierge
