#include "adapters/bridge/completions_exchange.hpp"

#include <utility>

#include "adapters/bridge/completions/chat_request.hpp"
#include "adapters/bridge/completions/error_shape.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/kept_completions.hpp"

namespace flipsync {

namespace {

std::int64_t seconds_of(wall_time at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

} // namespace

void completions_problem(http_session& session, const error& reason) {
  const auto why = completions::in_its_terms(reason);
  const int status = completions::status_of(why);
  // Clients of this protocol try 409, 429 and 5xx again by themselves, unless told not to.
  const bool hopeless = (status == 409 || status >= 429) && !retryable(why.code);
  session.problem_with_status(status, why, hopeless ? "X-Should-Retry: false\r\n" : "");
}

void completion_exchange::on_event(const turn_event& event) {
  if (is_terminal(event.type))
    created_ = seconds_of(event.at);
  turn_exchange::on_event(event);
}

void completion_exchange::append_end(std::string& out, const turn_reply& reply) const {
  completions::append_completion(out, {reply.id, model_, created_, costs()}, reply);
}

void completion_exchange::refuse(http_session& session, const turn_reply* failed) const {
  completions_problem(session, failed != nullptr ? failed->why : without_reply());
}

void completion_exchange::answered(const turn_reply& reply) const { keeper_->keep(reply); }

chunk_exchange::chunk_exchange(std::shared_ptr<inbox> to, std::size_t limit,
                               std::chrono::milliseconds patience, std::string model, bool usage,
                               wire::costs how, std::shared_ptr<const completion_keeper> keeper)
  : to_{std::move(to)},
    limit_{limit},
    patience_{patience},
    keeper_{std::move(keeper)},
    writer_{{{}, std::move(model), 0, how}, usage} {}

void chunk_exchange::on_event(const turn_event& event) {
  {
    const std::lock_guard lock{mutex_};
    if (ended_ || overflowed_)
      return;
    if (waiting_.size() > limit_ && !is_terminal(event.type))
      overflowed_ = true;
    else if (!take(event))
      return;
    if (std::exchange(told_, true) && !overflowed_)
      return;
  }
  to_->push(shared_from_this());
}

bool chunk_exchange::take(const turn_event& event) {
  switch (event.type) {
  case event_type::turn_started:
    writer_.set(event.turn, seconds_of(event.at));
    return false;
  case event_type::token:
    take_text(event.text);
    return true;
  case event_type::tool_call:
    if (event.call)
      take_call(*event.call);
    return true;
  case event_type::restarted:
    if (!said_.restart())
      break_off(event.text);
    return ended_;
  case event_type::progress:
    if (begun_ || event.elapsed < patience_)
      return false;
    begin();
    return true;
  case event_type::completed:
    ended_ = true;
    if (event.reply)
      take_end(*event.reply);
    else
      take_failure(without_reply());
    return true;
  case event_type::failed:
    ended_ = true;
    take_failure(event.reply ? event.reply->why : without_reply());
    return true;
  default:
    return false;
  }
}

void chunk_exchange::begin() {
  if (!std::exchange(begun_, true))
    writer_.role(waiting_);
}

void chunk_exchange::take_text(std::string_view text) {
  const auto fresh = said_.add(text);
  if (!fresh)
    return break_off("the answer was begun anew and differs from what was sent");
  begin();
  if (!fresh->empty())
    writer_.content(waiting_, *fresh);
}

void chunk_exchange::take_call(const tool_call_delta& piece) {
  begin();
  said_.sent_call();
  writer_.call(waiting_, piece);
}

void chunk_exchange::take_end(const turn_reply& reply) {
  const auto rest = said_.finish(reply.message);
  if (!rest)
    return take_failure(error{errc::malformed_reply, "the answer differs from what was sent"});
  begin();
  if (!rest->empty())
    writer_.content(waiting_, *rest);
  // A provider that does not stream its calls brings them with the end.
  if (!said_.sent_calls())
    for (std::uint32_t i = 0; i < reply.tool_calls.size(); ++i)
      writer_.call(waiting_, {i, reply.tool_calls[i].id, reply.tool_calls[i].name,
                              reply.tool_calls[i].arguments});
  writer_.end(waiting_, reply);
  if (keeper_)
    keeper_->keep(reply);
}

void chunk_exchange::take_failure(const error& why) {
  if (begun_)
    completions::chunk_writer::failure(waiting_, why);
  else
    refused_ = why;
}

/// The client cannot be given a right answer any more, though the turn may still find one.
void chunk_exchange::break_off(std::string_view why) {
  ended_ = true;
  broken_ = true;
  take_failure(
    error{errc::malformed_reply, "the provider's answer broke off after part of it was sent"}.with(
      "reason", std::string{why}));
}

bool chunk_exchange::ready() {
  const std::lock_guard lock{mutex_};
  return told_;
}

bool chunk_exchange::hopeless() {
  const std::lock_guard lock{mutex_};
  return overflowed_;
}

void chunk_exchange::answer(http_session& session) {
  bool ended = false;
  bool broken = false;
  batch_.clear();
  {
    const std::lock_guard lock{mutex_};
    batch_.swap(waiting_);
    told_ = false;
    ended = ended_;
    broken = broken_;
  }
  if (broken)
    session.stop_work("the answer cannot be continued");
  if (ended && refused_.code != errc::none)
    return completions_problem(session, refused_);
  if (!session.streaming())
    session.begin_stream();
  if (!batch_.empty())
    session.stream_piece(batch_);
  if (ended)
    session.end_stream();
}

} // namespace flipsync
