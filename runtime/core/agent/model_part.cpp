#include "runtime/core/agent/model_part.hpp"

#include <exception>
#include <utility>

#include "runtime/core/agent/prompt.hpp"
#include "runtime/core/agent/rules_part.hpp"
#include "runtime/core/services.hpp"
#include "runtime/core/turn/compose_reply.hpp"

namespace flipsync {

namespace {

part_status status_of(errc failure) {
  if (failure == errc::cancelled)
    return part_status::cancelled;
  return failure == errc::deadline_exceeded ? part_status::timed_out : part_status::failed;
}

void take_answer(part_outcome& part, const model_outcome& outcome) {
  auto& report = part.report;
  report.status = outcome.cached ? part_status::cached : part_status::ok;
  report.cached = outcome.cached;
  report.good_for = outcome.good_for;
  report.tokens = outcome.reply.tokens;
  report.cost = outcome.cost;
  part.text = outcome.reply.text;
  part.finish_reason = outcome.reply.finish_reason;
  if (is_read_from_text(report.name)) {
    auto output = *part.output;
    read_model_text(report.name, part.text, output);
    part.output = std::make_shared<const skill_output>(std::move(output));
  }
}

} // namespace

result<model_question> ask_of(const part_task& work, const environment& env) {
  auto findings = guarded_skills(work, env);
  if (!findings)
    return findings.error();
  const auto& contract = *work.contract;
  auto call = std::make_shared<model_call>();
  call->turn = work.task->turn;
  call->scope = work.scope;
  call->part = contract.name;
  call->provider = contract.provider.empty() ? work.spec->provider : contract.provider;
  call->tier = work.spec->tier;
  const shared_list<std::string> facts{
    std::shared_ptr<const std::vector<std::string>>{*findings, &(*findings)->facts}};
  call->request = compose_prompt(work, facts);
  call->request.stream = call->stream_to_caller =
    contract.name == "response" && call->turn->request.stream;
  return model_question{std::move(*findings), std::move(call)};
}

part_outcome answered(const part_contract& contract, const model_question& question,
                      const model_outcome& outcome) {
  part_outcome part;
  part.output = question.findings;
  auto& report = part.report;
  report.name = contract.name;
  report.required = contract.required;
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
    take_answer(part, outcome);
  } else {
    report.why = outcome.why;
    report.status = status_of(outcome.why.code);
  }
  return part;
}

} // namespace flipsync
