#include "runtime/core/agent/part_actor.hpp"

#include "runtime/core/agent/prompt.hpp"
#include "runtime/core/agent/rules_part.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/turn/compose_reply.hpp"

namespace flipsync {

part_state::part_state(part_actor::pointer self, part_config config)
  : self_{self},
    config_{std::move(config)} {}

part_actor::behavior_type part_state::make_behavior() {
  return {
    [this](run_atom, const part_task_ptr& work) -> caf::result<part_outcome_ptr> {
      began_ = config_.env->clock->now();
      done_ = self_->make_response_promise<part_outcome_ptr>();
      auto done = done_;
      outcome_.report.name = work->contract->name;
      outcome_.report.required = work->contract->required;
      auto output = run_skills(*work, *config_.env);
      if (output) {
        outcome_.output = std::move(*output);
        ask_model(work);
        return done;
      }
      outcome_.report.status = part_status::failed;
      outcome_.report.why = output.error();
      answer();
      return done;
    },
  };
}

void part_state::ask_model(const part_task_ptr& work) {
  auto call = std::make_shared<model_call>();
  call->turn = work->task->turn;
  call->scope = work->scope;
  call->part = work->contract->name;
  call->provider =
    work->contract->provider.empty() ? work->spec->provider : work->contract->provider;
  call->tier = work->spec->tier;
  call->request = compose_prompt(*work, outcome_.output->facts);
  call->request.stream = call->stream_to_caller =
    work->contract->name == "response" && call->turn->request.stream;
  const auto& gateway = call->turn->at_hand->gateway;
  caf_compat::ask(self_, gateway, generate_atom_v, model_call_ptr{std::move(call)})
    .then([this](const model_outcome_ptr& outcome) { finish_model(*outcome); },
          [this](const caf::error& why) {
            model_outcome outcome;
            outcome.why = from_caf(why);
            finish_model(outcome);
          });
}

void part_state::finish_model(const model_outcome& outcome) {
  auto& report = outcome_.report;
  report.attempts = outcome.attempts;
  report.why_model = outcome.why_model;
  report.wasted = outcome.wasted;
  report.saved = outcome.saved;
  report.saved_tokens = outcome.saved_tokens;
  if (!outcome.attempts.empty()) {
    report.provider = outcome.attempts.back().provider;
    report.model = outcome.attempts.back().model;
  } else if (outcome.cached) {
    report.provider = outcome.provider;
    report.model = outcome.kept_of_model;
  }
  if (outcome.why.code == errc::none) {
    report.status = outcome.cached ? part_status::cached : part_status::ok;
    report.cached = outcome.cached;
    report.good_for = outcome.good_for;
    report.tokens = outcome.reply.tokens;
    report.cost = outcome.cost;
    outcome_.text = outcome.reply.text;
    outcome_.finish_reason = outcome.reply.finish_reason;
    if (is_read_from_text(report.name)) {
      auto output = *outcome_.output;
      read_model_text(report.name, outcome_.text, output);
      outcome_.output = std::make_shared<const skill_output>(std::move(output));
    }
  } else {
    report.why = outcome.why;
    report.status = outcome.why.code == errc::cancelled           ? part_status::cancelled
                    : outcome.why.code == errc::deadline_exceeded ? part_status::timed_out
                                                                  : part_status::failed;
  }
  answer();
}

void part_state::answer() {
  outcome_.report.took =
    std::chrono::duration_cast<std::chrono::microseconds>(config_.env->clock->now() - began_);
  done_.deliver(part_outcome_ptr{std::make_shared<part_outcome>(std::move(outcome_))});
  self_->quit();
}

} // namespace flipsync
