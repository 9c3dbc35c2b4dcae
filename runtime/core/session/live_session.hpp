#pragma once
/// The part of a session that any thread may touch: what goes out, which turns run, and whether
/// the client is still there. A client's leaving, tokens and heartbeats pass the session's actor
/// by: they never wait behind its work.

#include <atomic>
#include <list>

#include "runtime/core/session/outbox.hpp"
#include "runtime/core/session/session_parts.hpp"
#include "runtime/core/session/turn_shelf.hpp"

namespace flipsync {

/// Thread-safe.
class live_session final : public session,
                           public relay_target,
                           public std::enable_shared_from_this<live_session> {
public:
  struct parts {
    std::uint64_t number = 0; ///< unlike any other session's, from 1
    session_options options;
    session_settings settings;
    std::shared_ptr<clock_port> clock;
    std::shared_ptr<turn_shelf> shelf;
    std::function<void(live_session&)> gone; ///< called once, by `closed`
  };

  live_session(parts given, std::shared_ptr<session_port> port);
  /// Before anything else is called.
  void run_by(std::unique_ptr<session_runner> runner);

  // The connection's side.
  void frame(std::string text) override;
  [[nodiscard]] bool may_read() const noexcept override;
  void heard() noexcept override;
  [[nodiscard]] bool cut_off() const noexcept override { return out_.cut_off(); }
  [[nodiscard]] bool lags() const noexcept override { return out_.lags(); }
  session_output take() override { return out_.take(); }
  void closed(session_end how) override;
  void drain() override;

  // The machine's side.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] const session_options& options() const noexcept { return options_; }
  [[nodiscard]] const session_settings& settings() const noexcept { return settings_; }
  [[nodiscard]] turn_shelf& shelf() noexcept { return *shelf_; }
  [[nodiscard]] std::shared_ptr<turn_shelf> shared_shelf() const { return shelf_; }
  /// A frame has been looked at.
  void frame_done();
  void send(std::string frame) override { out_.push(std::move(frame)); }
  void cut() { out_.cut(); }
  void close(close_code code, std::string reason) { out_.close(code, std::move(reason)); }
  [[nodiscard]] bool resumable() const noexcept { return resumable_.load(); }
  /// Running turns and those to come are kept for a client that drops.
  void become_resumable();
  /// Errors: overloaded (too many turns run), shutting_down, cancelled (the client has left).
  result<void> add(std::shared_ptr<turn_relay> relay);
  void turn_left(const turn_relay& relay) override;
  /// The running turn of that id, or null.
  [[nodiscard]] std::shared_ptr<turn_relay> find(std::string_view turn) const;
  [[nodiscard]] std::vector<std::shared_ptr<turn_relay>> turns() const;
  [[nodiscard]] bool is_closed() const;

  // The hub's side.
  /// Pings a silent client, cuts off one that is gone.
  void beat(mono_time now);
  void agents_changed();
  /// The session cannot go on.
  void fail();
  std::list<std::weak_ptr<live_session>>::iterator place; ///< among the hub's; only the hub's

private:
  [[nodiscard]] std::shared_ptr<session_runner> runner() const;

  const std::uint64_t number_;
  const session_options options_;
  const session_settings settings_;
  const std::shared_ptr<clock_port> clock_;
  const std::shared_ptr<turn_shelf> shelf_;
  std::function<void(live_session&)> gone_;
  outbox out_;
  std::atomic<std::uint32_t> waiting_frames_ = 0;
  std::atomic<mono_time::duration::rep> heard_at_;
  mono_time pinged_at_{}; ///< only `beat`'s
  std::atomic<bool> resumable_;
  mutable std::mutex mutex_;
  std::shared_ptr<session_runner> runner_; ///< null once closed
  std::vector<std::shared_ptr<turn_relay>> turns_;
  bool draining_ = false;
  bool closed_ = false;
};

} // namespace flipsync
