#pragma once
/// A part that rules answer, and the skills that every part begins with. Pure.

#include "runtime/core/turn/turn_work.hpp"

namespace flipsync {

struct environment;

/// What the skills need to know of a turn, for `spec`'s agent. The references must outlive it.
skill_input input_for(const agent_task& task, const agent_spec& spec, const environment& env);

/// True where everything this agent reads and says is a shopper's.
bool is_for_shopper(const turn_request& request, const agent_spec& spec) noexcept;

/// What all skills of a part found; never null. The first that fails or throws ends the part, with
/// its reason.
result<std::shared_ptr<const skill_output>> guarded_skills(const part_task& work,
                                                           const environment& env);

/// A part without a model: its skills' findings, or why there are none.
part_outcome run_rules(const part_task& work, const environment& env);

} // namespace flipsync
