#pragma once
/// One turn of a session: turns its events into frames on the thread that makes them, gives them to
/// wherever the client is now, and keeps them where the client may come back for them.

#include <cstdint>
#include <deque>
#include <mutex>

#include "runtime/core/facade.hpp"
#include "runtime/core/session/session.hpp"

namespace flipsync {

class turn_relay;

/// Where a relay's frames go: a session that is connected. Called under the relay's lock, except
/// for `turn_left`; must not call the relay back from `send`.
class relay_target {
public:
  virtual ~relay_target() = default;
  virtual void send(std::string frame) = 0;
  /// The turn has ended, or goes on in another session. Nothing is sent for it any more.
  virtual void turn_left(const turn_relay& relay) = 0;
};

/// Where a relay is kept for a client that may come back.
class relay_keeper {
public:
  virtual ~relay_keeper() = default;
  /// The turn has ended. Called once, without the relay's lock.
  virtual void turn_ended(const turn_relay& relay) = 0;
};

/// Thread-safe.
class turn_relay final : public event_sink, public std::enable_shared_from_this<turn_relay> {
public:
  struct options {
    std::string tenant;
    audience who = audience::any; ///< whose role may resume it; shoppers are told no costs
    std::string client_id;        ///< JSON of the client's own id of the message, or empty
    bool detach = false;          ///< goes on when the client has left
    bool keep = false;            ///< keeps its events
    std::size_t max_log = 256 * 1024;
  };

  /// `target` or `first` hears of the events: a session, or the sink of another door.
  turn_relay(options opts, std::shared_ptr<relay_keeper> keeper,
             std::shared_ptr<relay_target> target, std::shared_ptr<event_sink> first = {});

  /// Keeps something until the turn has ended. Before it is submitted.
  void hold(std::shared_ptr<void> pass) { pass_ = std::move(pass); }

  void on_event(const turn_event& event) override;
  /// To be called once submit has returned. Cancels the turn if its client has left meanwhile.
  void started(const turn& running);

  [[nodiscard]] const std::string& tenant() const noexcept { return opts_.tenant; }
  [[nodiscard]] audience who() const noexcept { return opts_.who; }
  [[nodiscard]] bool detached() const noexcept { return opts_.detach; }
  /// Empty before the first event.
  [[nodiscard]] std::string id() const;
  [[nodiscard]] bool ended() const;
  /// The turn was refused before it began.
  [[nodiscard]] bool refused() const;
  /// It has failed before an agent began with it: nothing of it is in a conversation.
  [[nodiscard]] bool came_to_nothing() const;

  void cancel(std::string_view reason);
  /// The client of `from` has gone; no effect if the turn goes on elsewhere. Cancels it unless it
  /// was detached or `hold`.
  void leave(const relay_target& from, bool hold);
  /// Sends the client everything after that event, now and from now on; `frame_id` is echoed in the
  /// frame that says so. Takes the turn away from the session that had it. Errors: invalid_request
  /// (no such event yet), not_found (no longer kept), both with field after_seq.
  result<void> resume(const std::shared_ptr<relay_target>& target, std::uint64_t after_seq,
                      std::string_view frame_id);
  /// Keeps events from now on.
  void keep();
  /// Forgets what was kept.
  void forget();

private:
  void keep_locked(const std::string& frame);

  const options opts_;
  const std::shared_ptr<relay_keeper> keeper_;
  mutable std::mutex mutex_;
  std::shared_ptr<relay_target> target_;
  std::shared_ptr<event_sink> first_;
  std::shared_ptr<void> pass_;
  turn turn_;
  std::string id_;
  bool keep_;
  bool ended_ = false;
  bool agent_began_ = false;
  bool cancel_wanted_ = false;
  std::uint64_t last_seq_ = 0;
  std::deque<std::string> log_; ///< frames up to last_seq_
  std::size_t log_bytes_ = 0;
};

} // namespace flipsync
