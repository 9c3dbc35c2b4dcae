#pragma once
/// What model calls have cost, by day. All throw sql::failure.

#include <vector>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/ports/spending_book.hpp"

namespace flipsync::spending {

/// As spending_book has them.

/// Within the caller's transaction.
void add(sql::connection& db, const std::vector<spending_row>& rows);
std::vector<spending_row> of_day(sql::connection& db, day_point day);

} // namespace flipsync::spending
