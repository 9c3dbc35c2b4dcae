#pragma once
/// One part of one turn that a model answers.

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct part_config {
  std::shared_ptr<const environment> env;
};

/// Runs the contract's skills over the rows that were read for it, asks a model with what they
/// found, answers and quits. What its skills throw ends this part and no other.
class part_state {
public:
  static inline const char* name = "flipsync.part";

  part_state(part_actor::pointer self, part_config config);
  part_actor::behavior_type make_behavior();

private:
  void ask_model(const part_task_ptr& work);
  void finish_model(const model_outcome& outcome);
  void answer();

  part_actor::pointer self_;
  part_config config_;
  mono_time began_{};
  part_outcome outcome_;
  caf::typed_response_promise<part_outcome_ptr> done_;
};

} // namespace flipsync
