#pragma once
/// Conversations in their own database file. All throw sql::failure.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/store/sqlite.hpp"
#include "runtime/core/ports/store.hpp"

namespace flipsync::conversations {

/// What a message keeps of its products: a SKU a line.
std::vector<std::string> skus_of(std::string_view lines);
/// Within the caller's transaction.
void append(sql::connection& db, const std::vector<std::shared_ptr<const stored_turn>>& turns);
conversation_history history(sql::connection& db, const std::string& tenant,
                             const std::string& name, std::uint32_t limit);

// As conversation_archive has them.

conversation_page list(sql::connection& db, const std::string& tenant, std::uint64_t before,
                       std::uint32_t limit);
std::optional<message_page> page(sql::connection& db, const std::string& tenant,
                                 const std::string& name, std::uint64_t after, std::uint32_t limit,
                                 const std::vector<std::string>* agents);
void begin(sql::connection& db, const std::string& tenant, const conversation_summary& fresh);
bool remove(sql::connection& db, const std::string& tenant, const std::string& name);
conversation_archive::sweep remove_silent(sql::connection& db, wall_time before, std::uint64_t from,
                                          std::uint32_t limit);

} // namespace flipsync::conversations
