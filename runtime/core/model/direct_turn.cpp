#include "runtime/core/model/direct_turn.hpp"

namespace flipsync {

namespace {

part_status status_of(errc code) {
  switch (code) {
  case errc::none:
    return part_status::ok;
  case errc::cancelled:
    return part_status::cancelled;
  case errc::deadline_exceeded:
    return part_status::timed_out;
  default:
    return part_status::failed;
  }
}

} // namespace

turn_reply direct_reply(const model_outcome& outcome) {
  turn_reply reply;
  part_report part;
  part.name = "model";
  part.required = true;
  part.status = outcome.cached ? part_status::cached : status_of(outcome.why.code);
  part.cached = reply.cached = outcome.cached;
  part.good_for = outcome.good_for;
  part.provider = outcome.provider;
  part.why_model = outcome.why_model;
  part.attempts = outcome.attempts;
  for (const auto& tried : outcome.attempts)
    part.took += tried.took;
  if (!outcome.attempts.empty())
    part.model = outcome.attempts.back().model;
  else
    part.model = outcome.kept_of_model;
  part.why = outcome.why;
  part.wasted = reply.wasted = outcome.wasted;
  part.saved = reply.saved = outcome.saved;
  part.saved_tokens = outcome.saved_tokens;
  if (outcome.why.code == errc::none) {
    part.tokens = outcome.reply.tokens;
    part.cost = outcome.cost;
    reply.message = outcome.reply.text;
    reply.finish_reason = outcome.reply.finish_reason;
    reply.tool_calls = outcome.reply.tool_calls;
    reply.usage = part.tokens;
    reply.cost = part.cost;
  } else {
    reply.status = turn_status::failed;
    reply.why = outcome.why;
  }
  reply.parts.push_back(std::move(part));
  return reply;
}

direct_turn::~direct_turn() {
  // Without effect where the turn has ended.
  guard_->fail(error{errc::agent_down, "the model gateway went down"});
}

void direct_turn::on_outcome(const model_outcome& outcome) {
  auto reply = direct_reply(outcome);
  if (outcome.why.code == errc::none)
    guard_->complete(std::move(reply));
  else
    guard_->fail(outcome.why, std::move(reply));
}

} // namespace flipsync
