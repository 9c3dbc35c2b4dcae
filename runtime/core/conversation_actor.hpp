#pragma once
/// One conversation while turns of it are under way: its memory, and their order.

#include <optional>
#include <string>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct conversation_config {
  std::shared_ptr<const environment> env;
  supervisor_actor owner;
  std::string key;    ///< as the supervisor knows it
  std::string memory; ///< of earlier turns, packed (packed_history.hpp); empty: the store may know
};

/// Takes one turn at a time: recalls what the store knows, routes, has the agent work, stores the
/// exchange, and only then says `completed`. A turn that was ended elsewhere (deadline, cancel)
/// makes way at once. With the last turn it hands over what it remembers.
class conversation_state {
public:
  static inline const char* name = "flipsync.conversation";

  conversation_state(conversation_actor::pointer self, conversation_config config);
  ~conversation_state();
  conversation_actor::behavior_type make_behavior();

private:
  struct queued {
    turn_ptr turn;
    std::uint64_t listener = 0;
  };

  void take_next();
  void recall();
  void learn_words();
  void begin(const vocabulary_ptr& words);
  void ask_agent(const agent_task_ptr& task);
  void gathered_all(const agent_task_ptr& task, const gathered_ptr& parts);
  void store(const agent_task_ptr& task, const gathered_ptr& parts, turn_reply reply);
  void remember(std::uint64_t number, const stored_turn& exchange);
  void fail(error why);
  void leave(const queued& turn);
  [[nodiscard]] std::string memory_to_keep() const;
  [[nodiscard]] bool is_current(std::uint64_t number) const;
  [[nodiscard]] earlier_talk talk_before(const agent_task& task) const;
  [[nodiscard]] result<route_choice> route(const agent_task& task) const;

  conversation_actor::pointer self_;
  conversation_config config_;
  std::vector<queued> waiting_; ///< bounded, and empty but for impatient callers
  std::optional<queued> current_;
  bool recalled_ = false;        ///< `history_` is what the store has
  unsigned storing_ = 0;         ///< exchanges that the store has been given and `history_` lacks
  conversation_history history_; ///< bounded
};

} // namespace flipsync
