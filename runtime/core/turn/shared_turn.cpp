#include "runtime/core/turn/shared_turn.hpp"

#include <algorithm>
#include <utility>

#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

turn_event failed(const std::string& turn, std::uint64_t seq, error why) {
  auto reply = std::make_shared<turn_reply>();
  reply->id = turn;
  reply->status = turn_status::failed;
  reply->why = std::move(why);
  turn_event event;
  event.type = event_type::failed;
  event.turn = turn;
  event.seq = seq;
  event.at = std::chrono::time_point_cast<wall_time::duration>(std::chrono::system_clock::now());
  event.reply = std::move(reply);
  return event;
}

/// About the memory of what was recorded. The reply counts as its JSON, twice for its many strings.
std::size_t bytes_of(const std::vector<turn_event>& record) {
  std::size_t bytes = 0;
  for (const auto& event : record) {
    bytes += sizeof(turn_event) + event.turn.size() + event.text.size();
    if (event.call)
      bytes += sizeof(tool_call_delta) + event.call->arguments.size();
    if (event.reply) {
      bytes += 2 * wire::to_json(*event.reply).size();
      for (const auto& call : event.reply->tool_calls) // which that JSON leaves out
        bytes += sizeof(tool_call) + call.arguments.size();
    }
  }
  return bytes;
}

} // namespace

/// A listener's hold on the turn.
class shared_turn::listener final : public turn::control {
public:
  listener(std::shared_ptr<shared_turn> of, std::uint64_t id) : of_{std::move(of)}, id_{id} {
    const std::lock_guard lock{of_->mutex_};
    turn_id_ = of_->id_.empty() ? "turn" : of_->id_;
  }
  void cancel(std::string_view reason) override { of_->leave(id_, reason); }
  [[nodiscard]] const std::string& id() const noexcept override { return turn_id_; }

private:
  const std::shared_ptr<shared_turn> of_;
  const std::uint64_t id_;
  std::string turn_id_;
};

void shared_turn::record(const turn_event& event) {
  if (event.type == event_type::progress)
    return;
  if (event.type == event_type::restarted)
    drop_void();
  const bool more =
    event.type == event_type::token && !record_.empty() && record_.back().type == event_type::token;
  if (more) {
    record_.back().text += event.text;
    return;
  }
  record_.push_back(event);
  record_.back().seq = record_.size();
}

/// Who comes later is not told what is not true any more.
void shared_turn::drop_void() {
  std::erase_if(record_, [](const turn_event& each) {
    return each.type == event_type::token || each.type == event_type::tool_call;
  });
  std::uint64_t seq = 0;
  for (auto& each : record_)
    each.seq = ++seq;
}

void shared_turn::tell_text(const turn_event& completed) {
  const bool streamed = std::any_of(record_.begin(), record_.end(), [](const turn_event& each) {
    return each.type == event_type::token;
  });
  if (streamed || !completed.reply || completed.reply->message.empty())
    return;
  auto token = completed;
  token.type = event_type::token;
  token.text = completed.reply->message;
  token.reply = nullptr;
  record(token);
  for (auto& each : listeners_) {
    if (each.id == first_listener)
      continue;
    token.seq = static_cast<std::uint64_t>(static_cast<std::int64_t>(completed.seq) + each.shift++);
    each.sink->on_event(token);
  }
}

void shared_turn::on_event(const turn_event& event) {
  end_handler handler;
  std::size_t bytes = 0;
  {
    const std::lock_guard lock{mutex_};
    if (ended_)
      return;
    ended_ = is_terminal(event.type);
    id_ = event.turn;
    last_seq_ = event.seq;
    if (event.type == event_type::completed)
      tell_text(event);
    record(event);
    if (!ended_)
      return tell(event);
    handler = std::move(ended_handler_);
    bytes = bytes_of(record_);
    underlying_ = {};
  }
  if (handler)
    handler(event.type == event_type::completed, bytes);
  std::vector<heard> gone; // destroyed after the lock is released
  const std::lock_guard lock{mutex_};
  tell(event);
  gone.swap(listeners_);
}

void shared_turn::tell(const turn_event& event) {
  for (const auto& each : listeners_) {
    if (each.shift == 0) {
      each.sink->on_event(event);
      continue;
    }
    auto shifted = event;
    shifted.seq = static_cast<std::uint64_t>(static_cast<std::int64_t>(event.seq) + each.shift);
    each.sink->on_event(shifted);
  }
}

void shared_turn::runs(turn underlying) {
  const std::lock_guard lock{mutex_};
  if (!ended_)
    underlying_ = std::move(underlying);
}

void shared_turn::refuse(error why) { on_event(failed({}, 1, std::move(why))); }

turn shared_turn::join(std::shared_ptr<event_sink> sink) {
  std::uint64_t id = 0;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& event : record_)
      sink->on_event(event);
    id = ++last_listener_;
    if (!ended_)
      listeners_.push_back(
        {id, std::move(sink),
         static_cast<std::int64_t>(record_.size()) - static_cast<std::int64_t>(last_seq_)});
  }
  return turn{std::make_shared<listener>(shared_from_this(), id)};
}

void shared_turn::leave(std::uint64_t id, std::string_view reason) {
  turn last;
  {
    const std::lock_guard lock{mutex_};
    const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                    [id](const heard& each) { return each.id == id; });
    if (ended_ || found == listeners_.end())
      return; // once it has ended, the last event is on its way
    if (listeners_.size() > 1) {
      const auto seq = static_cast<std::int64_t>(last_seq_) + found->shift + 1;
      found->sink->on_event(
        failed(id_, static_cast<std::uint64_t>(seq), error{errc::cancelled, std::string{reason}}));
      listeners_.erase(found);
      return;
    }
    last = underlying_;
  }
  last.cancel(reason); // its last event comes by on_event
}

} // namespace flipsync
