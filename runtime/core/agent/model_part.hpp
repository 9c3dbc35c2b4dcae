#pragma once
/// A part that a model answers: what the model is asked, and what becomes of its answer. Pure.

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

struct environment;

/// The call that the part makes, with what its skills found. The first skill that fails or throws
/// ends the part, with its reason.
struct model_question {
  std::shared_ptr<const skill_output> findings;
  model_call_ptr call;
};
result<model_question> ask_of(const part_task& work, const environment& env);

/// The part once the call is over.
part_outcome answered(const part_contract& contract, const model_question& question,
                      const model_outcome& outcome);

} // namespace flipsync
