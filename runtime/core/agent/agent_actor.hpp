#pragma once
/// One business agent: its plan applied to a turn, and the turns it has in hand.

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct agent_config {
  std::shared_ptr<const environment> env;
  std::size_t index = 0; ///< into environment::agents
};

class agent_state {
public:
  static inline const char* name = "flipsync.agent";

  agent_state(agent_actor::pointer self, agent_config config);
  ~agent_state();
  agent_actor::behavior_type make_behavior();

private:
  [[nodiscard]] result<part_plan> plan(const agent_task& task) const;
  void ended(mono_time began, bool answered);

  agent_actor::pointer self_;
  agent_config config_;
  std::shared_ptr<const agent_spec> spec_;
  std::shared_ptr<agent_counters> counters_;
  std::uint64_t in_hand_ = 0;
};

} // namespace flipsync
