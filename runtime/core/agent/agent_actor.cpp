#include "runtime/core/agent/agent_actor.hpp"

#include <algorithm>

#include "runtime/core/agent/gather_actor.hpp"
#include "runtime/core/agent/rules_part.hpp"
#include "runtime/core/caf_error.hpp"

namespace flipsync {

namespace {

bool answered_in_whole(const gathered& parts) {
  return std::all_of(parts.parts.begin(), parts.parts.end(), [](const part_outcome_ptr& part) {
    const auto& report = part->report;
    return !report.required || report.status == part_status::ok
           || report.status == part_status::cached || report.status == part_status::heuristic;
  });
}

} // namespace

agent_state::agent_state(agent_actor::pointer self, agent_config config)
  : self_{self},
    config_{std::move(config)},
    spec_{config_.env->agents[config_.index]},
    counters_{config_.env->counters[config_.index]} {}

agent_state::~agent_state() {
  // A crash takes its turns along.
  counters_->in_flight.fetch_sub(in_hand_);
  config_.env->agents_bell->ring();
}

agent_actor::behavior_type agent_state::make_behavior() {
  return {
    [this](run_atom, const agent_task_ptr& task) -> caf::result<gathered_ptr> {
      if (task->turn->guard->ended())
        return to_caf(error{errc::cancelled, "the turn has ended"});
      // With those of an actor from before a new configuration, which end there.
      if (const auto in_flight = counters_->in_flight.load(); in_flight >= spec_->max_in_flight)
        return to_caf(error{errc::overloaded, "agent '" + spec_->name + "' has "
                                                + std::to_string(in_flight) + " turns in hand"}
                        .with("agent", spec_->name)
                        .with_retry_after(std::chrono::seconds{1}));
      auto parts = plan(*task);
      if (!parts)
        return to_caf(parts.error());
      auto done = self_->make_response_promise<gathered_ptr>();
      ++in_hand_;
      counters_->in_flight.fetch_add(1);
      config_.env->agents_bell->ring();
      const auto began = config_.env->clock->now();
      auto gather = self_->spawn<gather_actor::stateful_impl<gather_state>>(gather_config{
        config_.env, spec_, task, std::make_shared<const part_plan>(std::move(*parts))});
      // Held until it has answered, so that an alarm of its own finds it.
      caf_compat::ask(self_, gather, run_atom_v)
        .then(
          [this, began, done, gather](const gathered_ptr& all) mutable {
            ended(began, answered_in_whole(*all));
            done.deliver(all);
          },
          [this, began, done](const caf::error& why) mutable {
            ended(began, false);
            done.deliver(to_caf(from_caf(why)));
          });
      return done;
    },
  };
}

result<part_plan> agent_state::plan(const agent_task& task) const {
  const auto& message = task.turn->request.message;
  auto& crashes = *config_.env->crashes;
  if (crashes.poisonous(spec_->name, message))
    return error{errc::agent_down, "this message has crashed agent '" + spec_->name
                                     + "' before and is not tried again"}
      .with("agent", spec_->name);
  // If the plan throws, CAF ends this actor, and the supervisor asks the ledger what it was doing.
  crashes.begin(spec_->name, message);
  auto parts = with_overrides(
    config_.env->library->plan_of(spec_->name).plan(*spec_, input_for(task, *spec_, *config_.env)),
    spec_->parts);
  crashes.end(spec_->name);
  if (parts.empty())
    return error{errc::internal, "agent '" + spec_->name + "' planned no part"};
  return parts;
}

void agent_state::ended(mono_time began, bool answered) {
  --in_hand_;
  counters_->in_flight.fetch_sub(1);
  counters_->turns.fetch_add(1);
  if (!answered)
    counters_->failures.fetch_add(1);
  counters_->latency.record(
    std::chrono::duration_cast<std::chrono::microseconds>(config_.env->clock->now() - began));
  config_.env->agents_bell->ring();
}

} // namespace flipsync
