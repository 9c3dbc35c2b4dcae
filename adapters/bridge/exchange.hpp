#pragma once
/// The event sinks of the door: one per turn, called by the runtime, read by an I/O thread.

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/bridge/inbox.hpp"
#include "runtime/core/facade.hpp"

namespace flipsync {

/// Stands for the reply of a turn that ended without one: a fault of the runtime.
error without_reply();

/// Waits for a turn's end and ignores the events before it.
class turn_exchange : public completion,
                      public event_sink,
                      public std::enable_shared_from_this<turn_exchange> {
public:
  explicit turn_exchange(std::shared_ptr<inbox> to) : to_{std::move(to)} {}

  void on_event(const turn_event& event) override;
  [[nodiscard]] bool wants_steps() const noexcept override { return false; }
  /// To be called once submit has returned: from now on the end wakes the I/O thread. True if the
  /// turn has ended already, so that nobody needs to be woken.
  bool arm();

  bool ready() override { return state_.load(std::memory_order_acquire) == state::ended; }
  void answer(http_session& session) override;

protected:
  /// The end, once `ready`.
  [[nodiscard]] const std::shared_ptr<const turn_reply>& reply() const noexcept { return reply_; }

private:
  enum class state : std::uint8_t { submitting, armed, ended };

  std::shared_ptr<inbox> to_;
  std::atomic<state> state_{state::submitting};
  std::shared_ptr<const turn_reply> reply_; ///< published by state_
};

/// Turns events into server-sent events, gathered while the connection is busy writing.
class stream_exchange final : public completion,
                              public event_sink,
                              public std::enable_shared_from_this<stream_exchange> {
public:
  /// `limit`: bytes that may wait for the reader; an event that finds more waiting cuts it off.
  stream_exchange(std::shared_ptr<inbox> to, std::size_t limit)
    : to_{std::move(to)},
      limit_{limit} {}

  void on_event(const turn_event& event) override;

  bool ready() override;
  bool hopeless() override;
  void answer(http_session& session) override;

private:
  std::shared_ptr<inbox> to_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::string waiting_; ///< events not yet taken
  bool told_ = false;   ///< the I/O thread knows that something waits
  bool ended_ = false;
  bool overflowed_ = false;
  std::shared_ptr<const turn_reply> refused_; ///< set if the turn failed before any other event
  bool any_ = false;                          ///< an event other than a first failure came
  std::string batch_;                         ///< I/O thread: what was taken, swapped with waiting_
};

/// Appends one event in the form of text/event-stream.
void append_sse(std::string& out, const turn_event& event);

} // namespace flipsync
