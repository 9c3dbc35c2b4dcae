#pragma once
/// Products as rows: the columns that a read selects, and the text forms of tags and attributes.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/types/product.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

using attribute_list = std::vector<std::pair<std::string, std::string>>;

/// The columns that `product_of` reads, of the table alias `p`. For a shopper cost and velocity are
/// not among them: NULLs stand in their places. Nor does `product_of` give a shopper attributes
/// that are not public (is_public_column).
std::string_view product_columns(audience who) noexcept;
inline constexpr int product_column_count = 17;
/// Reads them from the query's current row, the first at `column`.
product product_of(const sql::query& row, int column = 0);

/// Attributes as a JSON object, in their order; and back. What is no object reads as none.
std::string attributes_json(const attribute_list& attributes);
attribute_list attributes_of(std::string_view json);

/// ';'-separated, blanks around each tag removed, empty ones dropped.
std::vector<std::string> split_tags(std::string_view text, char separator = ';');
std::string join_tags(const std::vector<std::string>& tags);

/// The number that an attribute's value begins with ("750 ml"); nullopt if it begins with none, and
/// for names like "3M" and "2XL".
std::optional<double> measure_of(std::string_view value);

} // namespace flipsync
