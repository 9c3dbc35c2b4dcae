#include "runtime/core/session/turn_relay.hpp"

#include <utility>

#include "runtime/core/turn/tell.hpp"
#include "runtime/core/wire/client_frame.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

constexpr std::string_view client_left = "the client disconnected";

error wrong_seq(errc code, std::string why) {
  return error{code, std::move(why)}.with("field", "after_seq");
}

} // namespace

turn_relay::turn_relay(options opts, std::shared_ptr<relay_keeper> keeper,
                       std::shared_ptr<relay_target> target, std::shared_ptr<event_sink> first)
  : opts_{std::move(opts)},
    keeper_{std::move(keeper)},
    target_{std::move(target)},
    first_{std::move(first)},
    keep_{opts_.keep || opts_.detach} {}

void turn_relay::on_event(const turn_event& event) {
  auto frame = wire::to_json(event, opts_.who == audience::shopper ? wire::costs::withheld
                                                                   : wire::costs::told);
  wire::add_frame_id(frame, opts_.client_id);
  std::shared_ptr<relay_target> left;
  std::shared_ptr<event_sink> first;
  const bool last = is_terminal(event.type);
  {
    const std::lock_guard lock{mutex_};
    last_seq_ = event.seq;
    // A turn without parts has at least its end.
    if (event.type == event_type::part_started || event.type == event_type::completed)
      agent_began_ = true;
    if (id_.empty())
      id_ = event.turn;
    if (keep_)
      keep_locked(frame);
    if (target_)
      target_->send(std::move(frame));
    first = first_;
    if (last) {
      ended_ = true;
      left = std::exchange(target_, nullptr);
      first_.reset();
      pass_.reset();
      turn_ = {};
    }
  }
  if (first && !tell(*first, event)) {
    const std::lock_guard lock{mutex_};
    first_.reset();
  }
  if (left)
    left->turn_left(*this);
  if (last)
    keeper_->turn_ended(*this);
}

void turn_relay::keep_locked(const std::string& frame) {
  log_bytes_ += frame.size();
  log_.push_back(frame);
  // The last event is kept whatever its size: it is the answer.
  while (log_bytes_ > opts_.max_log && log_.size() > 1) {
    log_bytes_ -= log_.front().size();
    log_.pop_front();
  }
}

void turn_relay::started(const turn& running) {
  {
    const std::lock_guard lock{mutex_};
    if (id_.empty())
      id_ = running.id();
    if (!ended_)
      turn_ = running;
    if (!cancel_wanted_)
      return;
  }
  running.cancel(client_left);
}

std::string turn_relay::id() const {
  const std::lock_guard lock{mutex_};
  return id_;
}

bool turn_relay::ended() const {
  const std::lock_guard lock{mutex_};
  return ended_;
}

bool turn_relay::refused() const {
  const std::lock_guard lock{mutex_};
  return ended_ && last_seq_ <= 1;
}

bool turn_relay::came_to_nothing() const {
  const std::lock_guard lock{mutex_};
  return ended_ && !agent_began_;
}

void turn_relay::cancel(std::string_view reason) {
  turn running;
  {
    const std::lock_guard lock{mutex_};
    cancel_wanted_ = true;
    running = turn_;
  }
  running.cancel(reason);
}

void turn_relay::leave(const relay_target& from, bool hold) {
  turn running;
  {
    const std::lock_guard lock{mutex_};
    if (target_.get() != &from)
      return;
    target_.reset();
    if (opts_.detach || (hold && keep_))
      return;
    cancel_wanted_ = true;
    running = turn_;
  }
  running.cancel(client_left);
}

result<void> turn_relay::resume(const std::shared_ptr<relay_target>& target,
                                std::uint64_t after_seq, std::string_view frame_id) {
  std::shared_ptr<relay_target> before;
  {
    const std::lock_guard lock{mutex_};
    if (after_seq > last_seq_)
      return wrong_seq(errc::invalid_request,
                       "the turn has had " + std::to_string(last_seq_) + " events so far");
    const auto first = last_seq_ - log_.size() + 1;
    if (after_seq + 1 < first)
      return wrong_seq(errc::not_found, "the turn's events up to " + std::to_string(first - 1)
                                          + " are no longer kept");
    target->send(wire::resumed_frame(id_, after_seq, !ended_, frame_id));
    for (auto seq = after_seq + 1; seq <= last_seq_; ++seq)
      target->send(log_[seq - first]);
    before = std::exchange(target_, ended_ ? nullptr : target);
  }
  if (before && before != target)
    before->turn_left(*this);
  return {};
}

void turn_relay::keep() {
  const std::lock_guard lock{mutex_};
  keep_ = true;
}

void turn_relay::forget() {
  std::deque<std::string> dropped;
  const std::lock_guard lock{mutex_};
  keep_ = false;
  log_.swap(dropped);
  log_bytes_ = 0;
}

} // namespace flipsync
