#pragma once
/// What operators and front ends see of stored conversations, beside what turns need of the store.

#include <optional>

#include "runtime/core/types/conversation_page.hpp"

namespace flipsync {

/// May block; one thread at a time, the store's. All errors: store_failed.
class conversation_archive {
public:
  virtual ~conversation_archive() = default;
  /// At most `limit` of a tenant's conversations that are older than `before` (0: the newest).
  virtual result<conversation_page> conversations(const std::string& tenant, std::uint64_t before,
                                                  std::uint32_t limit) = 0;
  /// nullopt for a conversation that is not there. Messages with a number above `after`, of turns
  /// that one of `agents` answered (null: whoever did).
  virtual result<std::optional<message_page>> messages(const std::string& tenant,
                                                       const std::string& id, std::uint64_t after,
                                                       std::uint32_t limit,
                                                       const std::vector<std::string>* agents) = 0;
  /// Keeps an empty conversation; no effect where it is already there.
  virtual result<void> begin(const std::string& tenant, const conversation_summary& fresh) = 0;
  /// Deletes it with its messages; false where it is not there.
  virtual result<bool> remove(const std::string& tenant, const std::string& id) = 0;

  struct sweep {
    std::uint64_t removed = 0;
    std::uint64_t next = 0; ///< where to go on; 0: all have been looked at
  };
  /// Deletes what was silent since `before`, looking at `limit` conversations from `from` on.
  virtual result<sweep> remove_silent(wall_time before, std::uint64_t from,
                                      std::uint32_t limit) = 0;
};

} // namespace flipsync
