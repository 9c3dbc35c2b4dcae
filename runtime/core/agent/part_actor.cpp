#include "runtime/core/agent/part_actor.hpp"

#include <algorithm>

#include "runtime/core/agent/prompt.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/turn/compose_reply.hpp"

namespace flipsync {

namespace {

void merge(skill_output& into, const skill_output& from) {
  const auto append = [](auto& to, const auto& more) {
    for (const auto& item : more)
      if (std::find(to.begin(), to.end(), item) == to.end())
        to.push_back(item);
  };
  append(into.facts, from.facts);
  append(into.products, from.products);
  append(into.quick_replies, from.quick_replies);
  append(into.missing, from.missing);
  if (from.json != "{}")
    into.json = from.json;
}

/// Runs one skill over the rows that were read for it.
result<skill_output> run_skill(const skill& s, const skill_input& input,
                               const fetched_rows& fetched) {
  std::vector<const store_rows*> mine;
  if (const auto* need = fetched.find(s.name()))
    for (const auto place : need->queries) {
      if (!fetched.rows[place])
        return error{errc::store_failed,
                     "the shop's data could not be read for '" + std::string{s.name()} + '\''};
      mine.push_back(fetched.rows[place].get());
    }
  return s.compute(input, mine);
}

/// True where a part's skills read the shop's data.
bool reads_anything(const part_task& work) {
  return std::any_of(work.contract.skills.begin(), work.contract.skills.end(),
                     [&](const std::string& name) {
                       const auto* need = work.rows->find(name);
                       return need != nullptr && !need->queries.empty();
                     });
}

/// All skills of a part. The first that fails ends the part, with its reason.
result<skill_output> run_skills(const part_task& work, const environment& env) {
  skill_output all;
  const auto input = input_for(*work.task, *work.spec, env);
  for (const auto& name : work.contract.skills) {
    if (const auto known = work.memo->find(name)) {
      merge(all, *known);
      continue;
    }
    const auto* found = env.library->find_skill(name);
    if (found == nullptr)
      return error{errc::internal, "no skill is called '" + name + '\''};
    auto output = run_skill(*found, input, *work.rows);
    if (!output)
      return output.error();
    const auto kept = std::make_shared<const skill_output>(std::move(*output));
    work.memo->keep(name, kept);
    merge(all, *kept);
  }
  return all;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) {
    if (!text.empty())
      text += ' ';
    text += sentence;
  }
  return text;
}

} // namespace

bool is_for_shopper(const turn_request& request, const agent_spec& spec) noexcept {
  return spec.who == audience::shopper || request.who == audience::shopper;
}

skill_input input_for(const agent_task& task, const agent_spec& spec, const environment& env) {
  const auto& request = task.turn->request;
  skill_input input{.message = task.reading};
  input.who = is_for_shopper(request, spec) ? audience::shopper : request.who;
  input.age_confirmed = request.age_confirmed;
  input.locale = request.locale;
  input.now = env.clock->wall();
  input.words = task.words.get();
  input.rules = &env.rules;
  input.wants_json = false;
  return input;
}

part_state::part_state(part_actor::pointer self, part_config config)
  : self_{self},
    config_{std::move(config)} {}

part_actor::behavior_type part_state::make_behavior() {
  return {
    [this](run_atom, const part_task_ptr& work) -> caf::result<part_outcome_ptr> {
      began_ = config_.env->clock->now();
      done_ = self_->make_response_promise<part_outcome_ptr>();
      auto done = done_;
      outcome_.report.name = work->contract.name;
      outcome_.report.required = work->contract.required;
      auto output = run_skills(*work, *config_.env);
      if (!output) {
        outcome_.report.status = part_status::failed;
        outcome_.report.why = output.error();
        answer();
        return done;
      }
      outcome_.output = std::move(*output);
      if (work->contract.source == part_source::model) {
        ask_model(work);
        return done;
      }
      outcome_.text = joined(outcome_.output.facts);
      // A rule that looked nothing up answers where a model could have been asked.
      outcome_.report.status = reads_anything(*work) ? part_status::ok : part_status::heuristic;
      answer();
      return done;
    },
  };
}

void part_state::ask_model(const part_task_ptr& work) {
  auto call = std::make_shared<model_call>();
  call->turn = work->task->turn;
  call->scope = work->scope;
  call->part = work->contract.name;
  call->provider = work->contract.provider.empty() ? work->spec->provider : work->contract.provider;
  call->tier = work->spec->tier;
  call->request = compose_prompt(*work, outcome_.output.facts);
  call->request.stream = call->stream_to_caller =
    work->contract.name == "response" && call->turn->request.stream;
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
  if (!outcome.attempts.empty()) {
    report.provider = outcome.attempts.back().provider;
    report.model = outcome.attempts.back().model;
  }
  if (outcome.why.code == errc::none) {
    report.tokens = outcome.reply.tokens;
    report.cost = outcome.cost;
    outcome_.text = outcome.reply.text;
    outcome_.finish_reason = outcome.reply.finish_reason;
    read_model_text(report.name, outcome_.text, outcome_.output);
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
