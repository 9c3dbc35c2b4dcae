#include "runtime/core/session/session_feeds.hpp"

#include <algorithm>

#include "runtime/core/wire/json.hpp"

namespace flipsync {

void session_feeds::subscribe(const std::shared_ptr<live_session>& to, bool agents,
                              bool decisions) {
  const std::lock_guard lock{mutex_};
  if (agents || decisions)
    subscriptions_[to->number()] = {to, agents, decisions};
  else
    subscriptions_.erase(to->number());
  const auto count = [this](bool subscription::*topic) {
    return std::count_if(subscriptions_.begin(), subscriptions_.end(),
                         [topic](const auto& each) { return each.second.*topic; });
  };
  decisions_wanted_.store(count(&subscription::decisions) > 0);
  const auto before = agent_subscribers_;
  agent_subscribers_ = static_cast<std::size_t>(count(&subscription::agents));
  if (before == 0 && agent_subscribers_ > 0)
    agents_bell_->listen([weak = weak_from_this()] {
      if (const auto self = weak.lock())
        self->agents_rang();
    });
  else if (before > 0 && agent_subscribers_ == 0)
    agents_bell_->listen(nullptr);
}

void session_feeds::decided(const std::string& tenant, const turn_event& event) {
  if (!decisions_wanted_.load())
    return;
  for (const auto& session : subscribers(&subscription::decisions))
    if (session->options().tenant == tenant && !session->find(event.turn))
      session->send(wire::to_json(event));
}

void session_feeds::agents_rang() {
  const std::lock_guard lock{mutex_};
  if (std::exchange(alarm_set_, true))
    return;
  alarms_->set(std::max(clock_->now(), told_at_ + agents_interval_), [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->tell_agents_changed();
  });
}

void session_feeds::tell_agents_changed() {
  {
    const std::lock_guard lock{mutex_};
    alarm_set_ = false;
    told_at_ = clock_->now();
  }
  for (const auto& session : subscribers(&subscription::agents))
    session->agents_changed();
}

std::vector<std::shared_ptr<live_session>>
session_feeds::subscribers(bool subscription::*topic) const {
  std::vector<std::shared_ptr<live_session>> found;
  const std::lock_guard lock{mutex_};
  for (const auto& [number, each] : subscriptions_)
    if (each.*topic)
      if (auto session = each.session.lock())
        found.push_back(std::move(session));
  return found;
}

} // namespace flipsync
