#pragma once
/// Which extra columns of a product may be told to the world.

#include <string>
#include <string_view>

namespace flipsync {

/// False for a column that is the shop's business (cost, margin, supplier, reorder rules …): it is
/// never read for a shopper, searched by nor put into a listing.
bool is_public_column(std::string_view name);
/// "battery_hours" as words: "battery hours".
std::string column_words(std::string_view name);
/// The same, appended.
void append_column_words(std::string& text, std::string_view name);

} // namespace flipsync
