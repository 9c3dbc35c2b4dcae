#include "runtime/core/session/live_session.hpp"

#include <algorithm>
#include <utility>

#include "runtime/core/wire/client_frame.hpp"

namespace flipsync {

namespace {

constexpr const char* stopping = "the service is stopping";

} // namespace

live_session::live_session(parts given, std::shared_ptr<session_port> port)
  : number_{given.number},
    options_{std::move(given.options)},
    settings_{given.settings},
    clock_{std::move(given.clock)},
    shelf_{std::move(given.shelf)},
    gone_{std::move(given.gone)},
    out_{std::move(port), given.settings.max_buffered},
    heard_at_{clock_->now().time_since_epoch().count()},
    resumable_{options_.resumable} {}

void live_session::run_by(std::unique_ptr<session_runner> runner) { runner_ = std::move(runner); }

void live_session::frame(std::string text) {
  heard();
  waiting_frames_.fetch_add(1);
  if (const auto run = runner())
    run->frame(std::move(text));
}

std::shared_ptr<session_runner> live_session::runner() const {
  const std::lock_guard lock{mutex_};
  return runner_;
}

bool live_session::may_read() const noexcept {
  return waiting_frames_.load() < settings_.max_waiting_frames;
}

void live_session::frame_done() {
  if (waiting_frames_.fetch_sub(1) == settings_.max_waiting_frames)
    out_.nudge();
}

void live_session::heard() noexcept {
  heard_at_.store(clock_->now().time_since_epoch().count(), std::memory_order_relaxed);
}

void live_session::closed(session_end how) {
  std::vector<std::shared_ptr<turn_relay>> turns;
  std::shared_ptr<session_runner> runner;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(closed_, true))
      return;
    turns.swap(turns_);
    runner = std::move(runner_);
  }
  out_.shut();
  const bool hold = how == session_end::dropped && resumable();
  // First, so that nobody who hears of a turn's end finds it still there to be resumed.
  shelf_->left(number_, hold);
  for (const auto& relay : turns)
    relay->leave(*this, hold);
  if (runner)
    runner->stop();
  if (gone_)
    gone_(*this);
}

void live_session::drain() {
  std::size_t running = 0;
  {
    const std::lock_guard lock{mutex_};
    if (closed_ || std::exchange(draining_, true))
      return;
    running = turns_.size();
  }
  if (running == 0)
    return close(close_code::going_away, stopping);
  send(wire::draining_frame(running));
}

void live_session::become_resumable() {
  resumable_.store(true);
  for (const auto& relay : turns()) {
    relay->keep();
    shelf_->put(relay, number_);
  }
}

result<void> live_session::add(std::shared_ptr<turn_relay> relay) {
  const std::lock_guard lock{mutex_};
  if (closed_)
    return error{errc::cancelled, "the client disconnected"};
  if (draining_)
    return error{errc::shutting_down, stopping};
  if (turns_.size() >= settings_.max_turns)
    return error{errc::overloaded, std::to_string(turns_.size()) + " turns run in this session"}
      .with_retry_after(std::chrono::seconds{1});
  turns_.push_back(std::move(relay));
  return {};
}

void live_session::turn_left(const turn_relay& relay) {
  bool last = false;
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(turns_, [&](const auto& each) { return each.get() == &relay; });
    last = draining_ && turns_.empty();
  }
  if (last)
    close(close_code::going_away, stopping);
}

std::shared_ptr<turn_relay> live_session::find(std::string_view turn) const {
  for (auto& relay : turns())
    if (relay->id() == turn)
      return relay;
  return nullptr;
}

std::vector<std::shared_ptr<turn_relay>> live_session::turns() const {
  const std::lock_guard lock{mutex_};
  return turns_;
}

bool live_session::is_closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

void live_session::beat(mono_time now) {
  const mono_time heard_at{mono_time::duration{heard_at_.load(std::memory_order_relaxed)}};
  if (now - heard_at >= settings_.gone_after)
    return out_.cut();
  if (now - std::max(heard_at, pinged_at_) < settings_.ping_interval)
    return;
  pinged_at_ = now;
  out_.ping();
}

void live_session::agents_changed() {
  if (const auto run = runner())
    run->agents_changed();
}

void live_session::fail() { close(close_code::internal, "the session failed"); }

} // namespace flipsync
