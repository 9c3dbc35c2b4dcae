#pragma once
/// The turns whose clients may come back for their events: after a drop, or because they were
/// detached. Bounded in number and time.

#include <map>
#include <optional>
#include <vector>

#include "runtime/core/session/session_settings.hpp"
#include "runtime/core/session/turn_relay.hpp"
#include "runtime/core/turn/alarm_queue.hpp"

namespace flipsync {

/// Thread-safe. A turn that runs for a connected session stays as long as it runs; after its end,
/// or after its client's drop, it stays for `resume_hold`. A turn that its client did not come back
/// for in time is cancelled, unless it was detached.
class turn_shelf final : public relay_keeper, public std::enable_shared_from_this<turn_shelf> {
public:
  turn_shelf(const session_settings& settings, std::shared_ptr<clock_port> clock,
             std::shared_ptr<alarm_queue> alarms)
    : settings_{settings},
      clock_{std::move(clock)},
      alarms_{std::move(alarms)} {}

  /// Takes a turn that has begun; `session` is the number of its session, 0 if it has none.
  void put(std::shared_ptr<turn_relay> relay, std::uint64_t session);
  /// Null if there is none of that id that this tenant and role may see.
  [[nodiscard]] std::shared_ptr<turn_relay> find(std::string_view tenant, audience who,
                                                 const std::string& turn) const;
  /// The turn was resumed by this session.
  void resumed(const std::string& turn, std::uint64_t session);
  /// A session has ended. Its turns are held where it dropped, else forgotten unless detached.
  void left(std::uint64_t session, bool hold);
  void turn_ended(const turn_relay& relay) override;
  /// Forgets everything.
  void clear();

  [[nodiscard]] std::size_t size() const;
  /// Sessions that dropped and whose turns are held.
  [[nodiscard]] std::size_t held_sessions() const;

private:
  struct entry {
    std::shared_ptr<turn_relay> relay;
    std::uint64_t session = 0;      ///< that it was begun or resumed in; 0: of none
    bool connected = false;         ///< that session is
    std::optional<mono_time> until; ///< none: as long as it runs
  };
  using entries = std::map<std::string, entry, std::less<>>;

  void hold_locked(entry& kept);
  void make_room_locked(std::vector<entry>& gone);
  static void give_up(const std::vector<entry>& gone);
  void arm_locked();
  void expire();

  const session_settings settings_;
  const std::shared_ptr<clock_port> clock_;
  const std::shared_ptr<alarm_queue> alarms_;
  mutable std::mutex mutex_;
  entries kept_;
  std::optional<mono_time> armed_; ///< when the alarm that is set rings
};

} // namespace flipsync
