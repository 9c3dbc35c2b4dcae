#include "runtime/core/session/session_hub.hpp"

#include <algorithm>

namespace flipsync {

namespace {

/// How often silence is looked at: a share of what is allowed, so that a ping is late by little.
constexpr int beats_per_interval = 8;

error hub_stops() { return error{errc::shutting_down, "the service is stopping"}; }

} // namespace

session_hub::session_hub(parts given)
  : parts_{std::move(given)},
    shelf_{std::make_shared<turn_shelf>(parts_.settings, parts_.clock, parts_.alarms)},
    feeds_{std::make_shared<session_feeds>(parts_.settings.agents_interval, parts_.clock,
                                           parts_.alarms, parts_.agents_bell)} {}

result<std::shared_ptr<live_session>> session_hub::open(session_options options,
                                                        std::shared_ptr<session_port> port,
                                                        const runner_maker& make_runner) {
  live_session::parts given;
  given.options = std::move(options);
  given.settings = parts_.settings;
  given.clock = parts_.clock;
  given.shelf = shelf_;
  given.gone = [weak = weak_from_this()](live_session& gone) {
    if (const auto self = weak.lock())
      self->left(gone);
  };
  {
    const std::lock_guard lock{mutex_};
    if (draining_ || stopped_)
      return hub_stops();
    if (admitted_ >= parts_.settings.max_sessions)
      return error{errc::overloaded, "too many sessions are open"}.with_retry_after(
        std::chrono::seconds{1});
    ++admitted_;
    given.number = ++last_number_;
  }
  auto fresh = std::make_shared<live_session>(std::move(given), std::move(port));
  fresh->run_by(make_runner(fresh));
  bool late = false;
  {
    const std::lock_guard lock{mutex_};
    fresh->place = sessions_.insert(sessions_.end(), fresh);
    late = draining_ || stopped_;
    arm_locked();
  }
  if (!late)
    return fresh;
  fresh->closed(session_end::left);
  return hub_stops();
}

void session_hub::left(live_session& gone) {
  const std::lock_guard lock{mutex_};
  sessions_.erase(gone.place);
  --admitted_;
}

void session_hub::arm_locked() {
  if (beating_ || sessions_.empty() || stopped_)
    return;
  beating_ = true;
  parts_.alarms->set(parts_.clock->now() + parts_.settings.ping_interval / beats_per_interval,
                     [weak = weak_from_this()] {
                       if (const auto self = weak.lock())
                         self->beat();
                     });
}

void session_hub::beat() {
  const auto now = parts_.clock->now();
  for (const auto& session : all())
    session->beat(now);
  const std::lock_guard lock{mutex_};
  beating_ = false;
  arm_locked();
}

std::shared_ptr<turn_relay> session_hub::detach(const turn_request& request,
                                                std::shared_ptr<event_sink> sink) const {
  turn_relay::options options;
  options.tenant = request.tenant;
  options.who = request.who;
  options.detach = true;
  options.max_log = parts_.settings.max_log;
  return std::make_shared<turn_relay>(std::move(options), shelf_, nullptr, std::move(sink));
}

void session_hub::started(const std::shared_ptr<turn_relay>& detached, const turn& running) const {
  detached->started(running);
  shelf_->put(detached, 0);
}

void session_hub::drain() {
  {
    const std::lock_guard lock{mutex_};
    draining_ = true;
  }
  for (const auto& session : all())
    session->drain();
}

void session_hub::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  for (const auto& session : all()) {
    session->cut();
    session->closed(session_end::left);
  }
  shelf_->clear();
}

std::vector<std::shared_ptr<live_session>> session_hub::all() const {
  std::vector<std::shared_ptr<live_session>> found;
  const std::lock_guard lock{mutex_};
  found.reserve(sessions_.size());
  for (const auto& weak : sessions_)
    if (auto session = weak.lock())
      found.push_back(std::move(session));
  return found;
}

std::size_t session_hub::size() const {
  const std::lock_guard lock{mutex_};
  return admitted_;
}

} // namespace flipsync
