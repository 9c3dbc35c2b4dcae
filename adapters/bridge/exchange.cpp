#include "adapters/bridge/exchange.hpp"

#include <exception>
#include <utility>

#include "adapters/bridge/http_session.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

error without_reply() { return error{errc::internal, "the turn ended without a reply"}; }

void turn_exchange::on_event(const turn_event& event) {
  if (!is_terminal(event.type))
    return;
  if (event.reply && event.reply->status != turn_status::failed)
    finish(*event.reply);
  if (!whole_ || looks_back())
    reply_ = event.reply;
  if (state_.exchange(state::ended, std::memory_order_acq_rel) == state::armed)
    to_->push(shared_from_this());
}

void turn_exchange::finish(const turn_reply& answer) {
  try {
    direct_.send([&](std::string& out) { append_start(out, answer); },
                 [&](std::string& out) { append_end(out, answer); });
    if (!direct_.sent()) {
      if (!prepared_.load(std::memory_order_acquire))
        return;
      append_end(body_, answer);
    }
    whole_ = true;
  } catch (const std::exception&) {
    // The I/O thread will try, and tell.
  }
}

bool turn_exchange::arm() {
  auto expected = state::submitting;
  return !state_.compare_exchange_strong(expected, state::armed, std::memory_order_acq_rel);
}

void turn_exchange::answer(http_session& session) {
  const auto direct = direct_.close();
  if (!whole_ && (!reply_ || reply_->status == turn_status::failed))
    return refuse(session, reply_.get());
  if (direct.sent) {
    session.answered(200, direct.unsent);
  } else {
    auto& out = session.begin_response(200, "application/json");
    if (whole_) {
      out += body_;
    } else {
      append_start(out, *reply_);
      append_end(out, *reply_);
    }
    session.end_response();
  }
  if (looks_back())
    answered(*reply_);
}

void turn_exchange::on_answer(const turn_reply& answer) {
  try {
    if (direct_.prepare([&](std::string& out) { append_start(out, answer); }))
      return;
    append_start(body_, answer);
    prepared_.store(true, std::memory_order_release);
  } catch (const std::exception&) {
    // As in finish.
  }
}

void turn_exchange::append_start(std::string& out, const turn_reply& answer) const {
  wire::append_json_start(out, answer, costs_);
}

void turn_exchange::append_end(std::string& out, const turn_reply& answer) const {
  wire::append_json_end(out, answer);
}

void turn_exchange::refuse(http_session& session, const turn_reply* failed) const {
  session.problem(failed != nullptr ? failed->why : without_reply(), failed);
}

void append_sse(std::string& out, const turn_event& event, wire::costs how) {
  out.append("event: ").append(to_string(event.type)).append("\nid: ");
  wire::append_unsigned(out, event.seq);
  out += "\ndata: ";
  wire::append_json(out, event, how); // JSON has no line break in it
  out += "\n\n";
}

void stream_exchange::on_event(const turn_event& event) {
  {
    const std::lock_guard lock{mutex_};
    if (ended_ || overflowed_)
      return;
    ended_ = is_terminal(event.type);
    // A turn that was refused before it began can still get an honest status.
    if (event.type == event_type::failed && !any_ && event.reply)
      refused_ = event.reply;
    else if (waiting_.size() > limit_)
      overflowed_ = true;
    else
      append_sse(waiting_, event, costs_);
    any_ = true;
    if (std::exchange(told_, true) && !overflowed_)
      return;
  }
  to_->push(shared_from_this());
}

bool stream_exchange::ready() {
  const std::lock_guard lock{mutex_};
  return told_;
}

bool stream_exchange::hopeless() {
  const std::lock_guard lock{mutex_};
  return overflowed_;
}

void stream_exchange::answer(http_session& session) {
  bool ended = false;
  batch_.clear();
  {
    const std::lock_guard lock{mutex_};
    batch_.swap(waiting_);
    told_ = false;
    ended = ended_;
  }
  if (ended && refused_)
    return refused_->status == turn_status::failed ? session.problem(refused_->why, refused_.get())
                                                   : session.problem(without_reply());
  if (!session.streaming())
    session.begin_stream();
  if (!batch_.empty())
    session.stream_piece(batch_);
  if (ended)
    session.end_stream();
}

} // namespace flipsync
