#include "runtime/core/store/store_actor.hpp"

#include <thread>

#include "runtime/core/caf_error.hpp"
#include "runtime/core/ports/thread_loan.hpp"

namespace flipsync {

namespace {

/// Longest run of turns in one transaction: bounds how long the first of them waits.
constexpr std::size_t max_group = 256;

} // namespace

store_actor_state::store_actor_state(store_actor::pointer self, store_actor_config config)
  : self_{self},
    config_{std::move(config)} {}

store_actor::behavior_type store_actor_state::make_behavior() {
  return {
    [this](read_atom, const read_batch_ptr& batch) -> caf::result<read_result_ptr> {
      auto rows = config_.store->read(*batch);
      if (!rows)
        return to_caf(std::move(rows).error());
      return std::make_shared<const read_result>(std::move(*rows));
    },
    [this](append_atom, const stored_turn_ptr& turn,
           const durable_call& durable) -> caf::result<void> {
      auto done = self_->make_response_promise<void>();
      pending_.push_back({turn, durable, done});
      if (pending_.size() >= max_group)
        commit();
      else if (pending_.size() == 1) {
        // Who could add a turn now goes first, if this thread's core is wanted: larger groups
        // spare writes. Then to the end of the mailbox: whatever waits there joins the group.
        std::this_thread::yield();
        caf_compat::send(self_, store_actor{self_}, commit_atom_v);
      }
      return done;
    },
    [this](recall_atom, const std::string& tenant,
           const std::string& conversation) -> caf::result<history_ptr> {
      // What is collected belongs to the history.
      commit();
      auto history = config_.store->history(tenant, conversation, config_.history_limit);
      if (!history)
        return to_caf(std::move(history).error());
      return std::make_shared<const conversation_history>(std::move(*history));
    },
    [this](run_atom, const store_work_ptr& work) -> caf::result<void> {
      commit();
      (*work)(*config_.store);
      return caf::unit;
    },
    [this](commit_atom) -> caf::result<void> {
      commit();
      return caf::unit;
    },
  };
}

void store_actor_state::commit() {
  if (pending_.empty())
    return;
  auto group = std::move(pending_);
  pending_.clear();
  std::vector<stored_turn_ptr> turns;
  turns.reserve(group.size());
  for (const auto& entry : group)
    turns.push_back(entry.turn);
  const auto outcome = config_.store->append(turns);
  config_.commits->note(outcome);
  if (!outcome) {
    for (auto& entry : group)
      entry.done.deliver(to_caf(outcome.error()));
    return;
  }
  turns.clear();
  for (auto& entry : group) {
    (*entry.durable)();
    // Before those who made them hear of it, so that they are the last to hold them.
    entry.turn.reset();
    entry.durable.reset();
  }
  // Whoever sends the answers goes first, if it wants this thread's core; the actors can wait.
  std::this_thread::yield();
  if (group.size() == 1 && thread_loan::here() == nullptr) {
    // What a lone turn still has to do is done here, rather than by a worker that must be woken.
    thread_loan loan{[] {}};
    group.front().done.deliver();
    loan.run();
    return;
  }
  for (auto& entry : group)
    entry.done.deliver();
}

} // namespace flipsync
