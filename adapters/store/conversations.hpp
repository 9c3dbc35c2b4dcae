#pragma once
/// Conversations in their own database file. All throw sql::failure.

#include <memory>
#include <string>
#include <vector>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::conversations {

/// All turns in one transaction.
void append(sql::connection& db, const std::vector<std::shared_ptr<const stored_turn>>& turns);
conversation_history history(sql::connection& db, const std::string& tenant,
                             const std::string& name, std::uint32_t limit);
/// Those whose last turn is older; returns how many.
std::uint64_t forget(sql::connection& db, wall_time before);

} // namespace flipsync::conversations
