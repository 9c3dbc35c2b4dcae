#pragma once
/// The actor in front of the store: with the surveyor the only one that may block. What a lent
/// thread can keep without waiting goes past it (docs/adr/0023).

#include <memory>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/store/commit_watch.hpp"

namespace flipsync {

struct store_actor_config {
  std::shared_ptr<store_port> store;
  std::uint32_t history_limit = 20;
  std::shared_ptr<commit_watch> commits = std::make_shared<commit_watch>();
};

/// Spawned detached, except in virtual time. Appends are collected while the mailbox holds other
/// work and committed in one transaction, so that many turns share one commit.
class store_actor_state {
public:
  static inline const char* name = "flipsync.store";

  store_actor_state(store_actor::pointer self, store_actor_config config);
  store_actor::behavior_type make_behavior();

private:
  void commit();

  struct pending_append {
    stored_turn_ptr turn;
    durable_call durable;
    caf::typed_response_promise<void> done;
  };

  store_actor::pointer self_;
  store_actor_config config_;
  std::vector<pending_append> pending_;
};

} // namespace flipsync
