#pragma once
/// What sessions may subscribe to: the agents' states and the decisions of their tenant. Nothing is
/// looked at, and no timer runs, while nobody is subscribed.

#include <map>

#include "runtime/core/change_bell.hpp"
#include "runtime/core/session/live_session.hpp"

namespace flipsync {

/// Thread-safe.
class session_feeds : public std::enable_shared_from_this<session_feeds> {
public:
  session_feeds(std::chrono::milliseconds agents_interval, std::shared_ptr<clock_port> clock,
                std::shared_ptr<alarm_queue> alarms, std::shared_ptr<change_bell> agents_bell)
    : agents_interval_{agents_interval},
      clock_{std::move(clock)},
      alarms_{std::move(alarms)},
      agents_bell_{std::move(agents_bell)} {}

  /// Replaces what the session is subscribed to.
  void subscribe(const std::shared_ptr<live_session>& to, bool agents, bool decisions);
  /// A turn has made a decision: told to the tenant's subscribers, except to the session whose turn
  /// it is, which has it already.
  void decided(const std::string& tenant, const turn_event& event);

private:
  struct subscription {
    std::weak_ptr<live_session> session;
    bool agents = false;
    bool decisions = false;
  };

  /// Some agent's state has changed: subscribers hear of it, at most once in an interval.
  void agents_rang();
  void tell_agents_changed();
  [[nodiscard]] std::vector<std::shared_ptr<live_session>>
  subscribers(bool subscription::*topic) const;

  const std::chrono::milliseconds agents_interval_;
  const std::shared_ptr<clock_port> clock_;
  const std::shared_ptr<alarm_queue> alarms_;
  const std::shared_ptr<change_bell> agents_bell_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, subscription> subscriptions_;
  std::size_t agent_subscribers_ = 0;
  std::atomic<bool> decisions_wanted_ = false;
  bool alarm_set_ = false;
  mono_time told_at_{};
};

} // namespace flipsync
