#pragma once
/// The one owner of a turn's end. It is no actor: it lives on the entry side, numbers the events,
/// lets exactly one terminal event through, and holds the deadline, so that a turn ends in time
/// even if every actor that works on it hangs.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/facade.hpp"
#include "runtime/core/turn/admission.hpp"
#include "runtime/core/turn/alarm_queue.hpp"

namespace flipsync {

/// Thread-safe; events are offered by whoever works on the turn. Kept alive by the turn's context
/// and by the deadline's alarm.
class turn_guard : public turn::control, public std::enable_shared_from_this<turn_guard> {
public:
  struct options {
    std::string id;
    std::string conversation_id;
    std::shared_ptr<event_sink> sink;
    std::shared_ptr<clock_port> clock;
    std::shared_ptr<alarm_queue> alarms;
    admission::ticket ticket;
    mono_time accepted{};
    mono_time deadline{};
    /// Called once, right before the terminal event is handed to the sink: who has the answer finds
    /// it counted.
    std::function<void(const turn_reply&)> ending;
    /// Called once, right after it.
    std::function<void(const turn_reply&)> ended;
    /// Called for each `decision` event, right after it was handed to the sink.
    std::function<void(const turn_event&)> decided;
  };
  /// Told why the turn has ended: errc::none if it completed.
  using end_listener = std::function<void(errc)>;

  static std::shared_ptr<turn_guard> start(options opts);
  ~turn_guard() override;

  [[nodiscard]] const std::string& id() const noexcept override { return opts_.id; }
  [[nodiscard]] const std::string& conversation_id() const noexcept {
    return opts_.conversation_id;
  }
  [[nodiscard]] mono_time accepted() const noexcept { return opts_.accepted; }
  [[nodiscard]] mono_time deadline() const noexcept { return opts_.deadline; }
  /// Time left, never negative; 0 once the turn has ended.
  [[nodiscard]] std::chrono::milliseconds remaining() const;
  [[nodiscard]] bool ended() const;

  /// Whether this thread is within a call of the turn's sink.
  [[nodiscard]] bool tells_here() const noexcept;

  /// Offers an event that is not terminal; dropped if the turn has ended.
  void offer(turn_event event);
  /// Makes an answer one of this turn, for `announce`.
  void sign(turn_reply& answer) const;
  /// Shows the sink the answer by which the turn is about to be completed, on whatever thread.
  void announce(const turn_reply& answer) const;
  /// Ends the turn with an answer. False if it had ended before: then nothing is sent. One that was
  /// announced has its timings written and is not changed otherwise.
  bool complete(std::shared_ptr<turn_reply> answer);
  bool complete(turn_reply answer);
  /// Ends the turn with an error. What is known of its parts and route is reported; a part that had
  /// begun and not finished is listed as timed_out or cancelled. False if it had ended before.
  bool fail(error why);
  /// As `fail`, with the parts as the gather saw them.
  bool fail(error why, turn_reply known);
  void cancel(std::string_view reason) override;

  /// Registers to be told of the end, from the thread that ends it; at once if it has ended. The
  /// listener must not block. Returns a number for `unlisten`.
  std::uint64_t listen(end_listener listener);
  /// A listener already being told on another thread may still run.
  void unlisten(std::uint64_t id);

private:
  explicit turn_guard(options opts);
  void note_locked(const turn_event& event);
  bool end(turn_event terminal, std::shared_ptr<turn_reply> reply);
  void push_locked(turn_event event);
  void drain(std::unique_lock<std::mutex>& lock);
  void hand_over(const turn_event& event);
  turn_reply known_locked(const error& why) const;

  options opts_;
  bool steps_ = true; ///< whether the sink wants events before the terminal one
  mutable std::mutex mutex_;
  bool ended_ = false;
  bool draining_ = false;
  mutable std::atomic<bool> deaf_ = false; ///< the sink has thrown: it is called no more
  std::uint64_t seq_ = 0;
  std::vector<turn_event> pending_;
  alarm_queue::ticket deadline_alarm_;
  std::uint64_t last_listener_ = 0;
  std::vector<std::pair<std::uint64_t, end_listener>> listeners_;
  std::shared_ptr<const route_choice> route_;
  struct noted_part {
    std::string name;
    bool required = false;
    std::shared_ptr<const part_report> report; ///< null until it has ended
  };
  std::vector<noted_part> parts_;
  std::chrono::microseconds first_token_{0};
};

} // namespace flipsync
