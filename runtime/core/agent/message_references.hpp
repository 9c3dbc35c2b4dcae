#pragma once
/// What a message points at: orders, zones, SKUs, and earlier products by a pronoun. Pure; internal
/// to the reading of messages.

#include <string>
#include <vector>

#include "runtime/core/agent/message_numbers.hpp"

namespace flipsync::reading {

/// Fills order_id, zone and a SKU named as such ("sku X-9"), and marks their words as used. To be
/// called before read_numbers, which would take an order's number for a quantity.
void read_references(message_parts& parts, message_reading& out);

/// Resolves "that order" and "the order" where the message names none: sets `points_back` and
/// `earlier_order`.
void resolve_order(const earlier_talk& earlier, message_reading& out);

/// Resolves "it", "that one", "the second one" against what was spoken of before: sets
/// `points_back`, and `sku` or, where nothing earlier is known, `unresolved_pronoun`; "it" may be
/// an order as well, and then `earlier_order` is set beside; each of "the first and second" becomes
/// an entity. A thing named in the message before the pronoun is what it stands for, so nothing is
/// resolved then. `named[i]`: word i belongs to a product, category, brand or order. The pronoun's
/// word is marked as used.
void resolve_pronoun(const earlier_talk& earlier, const std::vector<bool>& named,
                     message_parts& parts, message_reading& out);

} // namespace flipsync::reading
