#pragma once
/// Turns that one request asks for, one after another: warming, and the built-in benchmark.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "adapters/bridge/http_session.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

/// Each turn begins once the one before has ended, on the I/O thread and never from within a turn's
/// last event, and counts against its tenant's limits. The series ends early where the client
/// leaves, the door drains, or a limit is reached; the answer says which.
class turn_series : public completion,
                    public event_sink,
                    public std::enable_shared_from_this<turn_series> {
public:
  /// Begins `series` for the session's request. A problem answers a request whose first turn is not
  /// let in.
  static void start(http_session& session, const std::shared_ptr<turn_series>& series);

  void on_event(const turn_event& event) final;
  bool ready() final { return ended_.load(std::memory_order_acquire); }
  void answer(http_session& session) final;

protected:
  explicit turn_series(std::size_t wanted) : wanted_{wanted} {}

  /// The request of the turn of that number, from 0. Only what is asked; whose it is is filled in.
  virtual turn_request request_of(std::size_t number) = 0;
  /// A turn has ended; on the thread that ended it, one at a time.
  virtual void ended(const turn_reply& reply) = 0;
  /// The answer's further members.
  virtual void describe(wire::json_object& into) const = 0;

  [[nodiscard]] std::size_t ran() const noexcept { return ran_; }
  [[nodiscard]] std::chrono::microseconds took() const;

private:
  result<void> run_next(http_session& session);

  const std::size_t wanted_;
  const http_session::clock::time_point began_ = http_session::clock::now();
  std::shared_ptr<inbox> to_;
  std::size_t ran_ = 0;
  std::map<errc, std::size_t> failures_; ///< by reason; published by ended_
  bool cut_off_ = false;                 ///< likewise: the client has left, or the runtime stops
  std::atomic<bool> ended_{false};
};

} // namespace flipsync
