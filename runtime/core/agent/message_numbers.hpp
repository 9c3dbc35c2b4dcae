#pragma once
/// Price bounds, amounts, weights and quantities in a message. Pure; internal to the reading of
/// messages.

#include <vector>

#include "runtime/core/agent/message_tokens.hpp"
#include "runtime/core/agent/skill.hpp"

namespace flipsync::reading {

/// What a message's words and tokens are, and which words have been understood already (they are no
/// part of the subject).
struct message_parts {
  std::vector<token> tokens;
  std::vector<bool> used; ///< per word

  void use(std::size_t first, std::size_t count);
  void use(const token& t) { use(t.first, t.words); }
};

/// Forgets the SKUs of digits alone that are amounts or counts where they stand ("under $100",
/// "reorder 500 of H-1").
void drop_counted_skus(message_parts& parts, message_reading& out);

/// Fills measures, min_price, max_price, amount, weight_g and quantity, and marks their words as
/// used. A number behind the name of one of the catalogue's measures is no price. Words
/// that belong to catalogue names must be used already: the 40 of a "Backpack 40" is no quantity.
void read_numbers(message_parts& parts, message_reading& out, const vocabulary& catalogue);

} // namespace flipsync::reading
