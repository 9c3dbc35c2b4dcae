#pragma once
/// What a turn carries through the actors: immutable, shared, local to its node.

#include <memory>
#include <string>

#include "runtime/core/model/turn_account.hpp"
#include "runtime/core/turn/turn_guard.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

struct services;

struct turn_context {
  std::uint64_t number = 0; ///< local to this runtime, rises by one per turn
  turn_request request;
  std::shared_ptr<turn_guard> guard;
  /// Handles as they were when the turn was accepted; a peer restarted since answers with a down
  /// error.
  std::shared_ptr<const services> at_hand;
  /// True where the conversation was begun by this turn, so that nothing is stored of it yet.
  bool new_conversation = false;
  /// What the turn's model calls have cost so far; never null.
  std::shared_ptr<turn_account> account = std::make_shared<turn_account>();
};

using turn_ptr = std::shared_ptr<const turn_context>;

} // namespace flipsync
