#pragma once
/// All sessions of a runtime: admits them, watches over their heartbeats, ends them.

#include <list>

#include "runtime/core/session/session_feeds.hpp"

namespace flipsync {

/// Thread-safe. Knows no actor: whoever opens a session says what runs it.
class session_hub : public std::enable_shared_from_this<session_hub> {
public:
  struct parts {
    session_settings settings;
    std::shared_ptr<clock_port> clock;
    std::shared_ptr<alarm_queue> alarms;
    std::shared_ptr<change_bell> agents_bell;
  };
  /// Makes what runs a session's machine.
  using runner_maker =
    std::function<std::unique_ptr<session_runner>(const std::shared_ptr<live_session>&)>;

  explicit session_hub(parts given);

  /// Errors: overloaded, shutting_down.
  result<std::shared_ptr<live_session>> open(session_options options,
                                             std::shared_ptr<session_port> port,
                                             const runner_maker& make_runner);
  /// A turn of no session that is to outlive its client: the sink to submit it with. `started` is
  /// to be called with it once submit has returned.
  [[nodiscard]] std::shared_ptr<turn_relay> detach(const turn_request& request,
                                                   std::shared_ptr<event_sink> sink) const;
  void started(const std::shared_ptr<turn_relay>& detached, const turn& running) const;
  /// Tells every session that the service is stopping.
  void drain();
  /// Ends every session and keeps nothing any more.
  void stop();

  [[nodiscard]] const std::shared_ptr<session_feeds>& feeds() const noexcept { return feeds_; }
  [[nodiscard]] const turn_shelf& shelf() const noexcept { return *shelf_; }
  [[nodiscard]] std::size_t size() const;

private:
  void left(live_session& gone);
  void arm_locked();
  void beat();
  [[nodiscard]] std::vector<std::shared_ptr<live_session>> all() const;

  const parts parts_;
  const std::shared_ptr<turn_shelf> shelf_;
  const std::shared_ptr<session_feeds> feeds_;
  mutable std::mutex mutex_;
  std::list<std::weak_ptr<live_session>> sessions_;
  std::uint64_t last_number_ = 0;
  std::size_t admitted_ = 0;
  bool beating_ = false;
  bool draining_ = false;
  bool stopped_ = false;
};

} // namespace flipsync
