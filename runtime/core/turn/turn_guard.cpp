#include "runtime/core/turn/turn_guard.hpp"

#include <algorithm>

#include "runtime/core/turn/tell.hpp"

namespace flipsync {

namespace {

std::chrono::microseconds between(mono_time from, mono_time to) {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}

part_report unfinished_part(const std::string& name, bool required, const error& why) {
  part_report report;
  report.name = name;
  report.required = required;
  report.status =
    why.code == errc::deadline_exceeded ? part_status::timed_out : part_status::cancelled;
  report.why = error{why.code, "the turn ended before this part did"};
  return report;
}

/// A turn whose sink this thread is calling, and the one from within whose call it does so.
struct telling {
  explicit telling(const turn_guard* turn) : whose{turn}, outer{innermost} { innermost = this; }
  ~telling() { innermost = outer; }
  telling(const telling&) = delete;
  telling& operator=(const telling&) = delete;

  const turn_guard* const whose;
  telling* const outer;
  static inline thread_local telling* innermost = nullptr;
};

} // namespace

turn_guard::turn_guard(options opts)
  : opts_{std::move(opts)},
    steps_{opts_.sink && opts_.sink->wants_steps()} {}

turn_guard::~turn_guard() = default;

std::shared_ptr<turn_guard> turn_guard::start(options opts) {
  // make_shared cannot reach the private constructor.
  std::shared_ptr<turn_guard> guard{new turn_guard{std::move(opts)}};
  const auto given = std::chrono::duration_cast<std::chrono::milliseconds>(guard->opts_.deadline
                                                                           - guard->opts_.accepted);
  const std::lock_guard lock{guard->mutex_}; // the alarm may ring before it is written down
  guard->deadline_alarm_ = guard->opts_.alarms->set(guard->opts_.deadline, [guard, given] {
    guard->fail(error{errc::deadline_exceeded,
                      "the turn was not answered within " + std::to_string(given.count()) + " ms"});
  });
  return guard;
}

std::chrono::milliseconds turn_guard::remaining() const {
  if (ended())
    return std::chrono::milliseconds{0};
  const auto left = opts_.deadline - opts_.clock->now();
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left),
                  std::chrono::milliseconds{0});
}

bool turn_guard::ended() const {
  const std::lock_guard lock{mutex_};
  return ended_;
}

bool turn_guard::tells_here() const noexcept {
  for (const auto* each = telling::innermost; each != nullptr; each = each->outer)
    if (each->whose == this)
      return true;
  return false;
}

void turn_guard::offer(turn_event event) {
  std::unique_lock lock{mutex_};
  if (ended_ || is_terminal(event.type))
    return;
  note_locked(event);
  if (!steps_ && event.type != event_type::decision)
    return;
  push_locked(std::move(event));
  drain(lock);
}

void turn_guard::sign(turn_reply& answer) const {
  answer.id = opts_.id;
  answer.conversation_id = opts_.conversation_id;
}

void turn_guard::announce(const turn_reply& answer) const {
  if (!opts_.sink || deaf_.load() || ended())
    return;
  if (!tell(*opts_.sink, answer))
    deaf_.store(true);
}

bool turn_guard::complete(std::shared_ptr<turn_reply> answer) {
  turn_event event;
  event.type = event_type::completed;
  return end(std::move(event), std::move(answer));
}

bool turn_guard::complete(turn_reply answer) {
  sign(answer);
  return complete(std::make_shared<turn_reply>(std::move(answer)));
}

bool turn_guard::fail(error why) {
  std::shared_ptr<turn_reply> reply;
  {
    const std::lock_guard lock{mutex_};
    if (ended_)
      return false;
    reply = std::make_shared<turn_reply>(known_locked(why));
  }
  sign(*reply);
  reply->why = std::move(why);
  turn_event event;
  event.type = event_type::failed;
  return end(std::move(event), std::move(reply));
}

bool turn_guard::fail(error why, turn_reply known) {
  sign(known);
  known.status = turn_status::failed;
  known.why = std::move(why);
  turn_event event;
  event.type = event_type::failed;
  return end(std::move(event), std::make_shared<turn_reply>(std::move(known)));
}

void turn_guard::cancel(std::string_view reason) {
  fail(error{errc::cancelled, std::string{reason}});
}

std::uint64_t turn_guard::listen(end_listener listener) {
  {
    const std::lock_guard lock{mutex_};
    if (!ended_) {
      listeners_.emplace_back(++last_listener_, std::move(listener));
      return last_listener_;
    }
  }
  listener(errc::cancelled);
  return 0;
}

void turn_guard::unlisten(std::uint64_t id) {
  end_listener dropped; // destroyed after the lock is released
  const std::lock_guard lock{mutex_};
  const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                  [id](const auto& entry) { return entry.first == id; });
  if (found != listeners_.end()) {
    dropped = std::move(found->second);
    listeners_.erase(found);
  }
}

/// Remembers what a reply will need if the turn has to be ended from here.
void turn_guard::note_locked(const turn_event& event) {
  switch (event.type) {
  case event_type::routed:
    route_ = event.route;
    break;
  case event_type::part_started:
    parts_.push_back({event.text, event.required, nullptr});
    break;
  case event_type::part_finished:
    for (auto& [name, required, report] : parts_)
      if (event.part && name == event.part->name)
        report = event.part;
    break;
  case event_type::token:
    if (first_token_.count() == 0)
      first_token_ = between(opts_.accepted, opts_.clock->now());
    break;
  default:
    break;
  }
}

turn_reply turn_guard::known_locked(const error& why) const {
  turn_reply reply;
  reply.status = turn_status::failed;
  if (route_) {
    reply.route = *route_;
    reply.agent = route_->agent;
  }
  for (const auto& [name, required, report] : parts_)
    reply.parts.push_back(report ? *report : unfinished_part(name, required, why));
  for (const auto& part : reply.parts) {
    reply.usage += part.tokens;
    reply.cost += part.cost;
    reply.wasted += part.wasted;
    reply.saved += part.saved;
  }
  return reply;
}

bool turn_guard::end(turn_event terminal, std::shared_ptr<turn_reply> reply) {
  std::vector<std::pair<std::uint64_t, end_listener>> listeners;
  // Nobody asks for what was noted any more, and the last who holds the guard is most likely on
  // another core than those who made it.
  decltype(parts_) parts;
  decltype(route_) route;
  const auto code = reply->why.code;
  std::unique_lock lock{mutex_};
  if (ended_)
    return false;
  ended_ = true;
  reply->timings.total = between(opts_.accepted, opts_.clock->now());
  reply->timings.first_token = first_token_;
  terminal.reply = std::move(reply);
  // The place is free before the caller hears of the end, so that whoever answers one turn by the
  // next is not refused.
  opts_.ticket.release();
  listeners.swap(listeners_);
  parts.swap(parts_);
  route.swap(route_);
  const auto alarm = deadline_alarm_;
  const auto self = shared_from_this(); // the alarm may hold the last reference
  lock.unlock();
  // Listeners first: spending stops before anyone is told about it.
  for (const auto& [id, listener] : listeners)
    listener(code);
  opts_.alarms->take_back(alarm);
  lock.lock();
  push_locked(std::move(terminal));
  drain(lock);
  return true;
}

void turn_guard::push_locked(turn_event event) {
  event.turn = opts_.id;
  event.seq = ++seq_;
  event.at = opts_.clock->wall();
  pending_.push_back(std::move(event));
}

/// Hands pending events over, one thread at a time and outside the lock, so that a sink may call
/// back into its turn.
void turn_guard::drain(std::unique_lock<std::mutex>& lock) {
  if (draining_)
    return;
  draining_ = true;
  const telling here{this};
  std::vector<turn_event> batch;
  while (!pending_.empty()) {
    batch.clear();
    batch.swap(pending_);
    lock.unlock();
    for (const auto& event : batch)
      hand_over(event);
    lock.lock();
  }
  draining_ = false;
}

void turn_guard::hand_over(const turn_event& event) {
  const bool last = is_terminal(event.type);
  if (last && opts_.ending)
    opts_.ending(*event.reply);
  if (opts_.sink && !deaf_.load() && !tell(*opts_.sink, event))
    deaf_.store(true);
  if (event.type == event_type::decision && opts_.decided)
    opts_.decided(event);
  if (last && opts_.ended)
    opts_.ended(*event.reply);
}

} // namespace flipsync
