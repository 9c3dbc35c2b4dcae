#pragma once
/// The event sinks of the door: one per turn, called by the runtime, read by an I/O thread.

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/bridge/direct_send.hpp"
#include "adapters/bridge/inbox.hpp"
#include "runtime/core/facade.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

/// Stands for the reply of a turn that ended without one: a fault of the runtime.
error without_reply();

/// Waits for a turn's end and ignores the events before it. A good answer of a lone request is sent
/// by the thread that ends the turn.
class turn_exchange : public completion,
                      public event_sink,
                      public std::enable_shared_from_this<turn_exchange> {
public:
  explicit turn_exchange(std::shared_ptr<inbox> to) : to_{std::move(to)} {}

  void on_event(const turn_event& event) override;
  void on_answer(const turn_reply& answer) override;
  [[nodiscard]] bool wants_steps() const noexcept override { return false; }
  /// Before the turn begins.
  void tell_costs(wire::costs how) noexcept { costs_ = how; }
  /// To be called once submit has returned: from now on the end wakes the I/O thread. True if the
  /// turn has ended already, so that nobody needs to be woken.
  bool arm();

  /// Before `arm`, for an answer that may go to the client without the I/O thread. I/O thread.
  direct_send& direct() noexcept { return direct_; }

  bool ready() override {
    return state_.load(std::memory_order_acquire) == state::ended || direct_.sent();
  }
  void answer(http_session& session) override;
  void withdraw() override { direct_.close(); }
  [[nodiscard]] bool sent() const override { return direct_.sent(); }

protected:
  /// The body of an answer that did not fail: what can be written before the turn has ended, and
  /// the rest. Any thread.
  virtual void append_start(std::string& out, const turn_reply& answer) const;
  virtual void append_end(std::string& out, const turn_reply& answer) const;
  /// What the answer may tell.
  [[nodiscard]] wire::costs costs() const noexcept { return costs_; }
  /// Answers a turn that failed, or that ended without a reply (null). I/O thread.
  virtual void refuse(http_session& session, const turn_reply* failed) const;
  /// Whether `answered` is to be told.
  [[nodiscard]] virtual bool looks_back() const { return false; }
  /// An answer that did not fail has been given. I/O thread.
  virtual void answered(const turn_reply&) const {}

private:
  enum class state : std::uint8_t { submitting, armed, ended };

  void finish(const turn_reply& answer);

  std::shared_ptr<inbox> to_;
  wire::costs costs_ = wire::costs::told;
  std::atomic<state> state_{state::submitting};
  direct_send direct_;
  /// The body of an answer that the I/O thread sends. Begun by the thread that has just made the
  /// answer, which `prepared_` publishes, and completed by the one that ends the turn.
  std::string body_;
  std::atomic<bool> prepared_ = false;
  // Published by state_, or direct_:
  bool whole_ = false; ///< `body_` is complete, or was sent
  /// Null where the I/O thread has no business with it, since to fetch its lines to this core in
  /// order to free them would cost as much as to send them.
  std::shared_ptr<const turn_reply> reply_;
};

/// Turns events into server-sent events, gathered while the connection is busy writing.
class stream_exchange final : public completion,
                              public event_sink,
                              public std::enable_shared_from_this<stream_exchange> {
public:
  /// `limit`: bytes that may wait for the reader; an event that finds more waiting cuts it off.
  stream_exchange(std::shared_ptr<inbox> to, std::size_t limit, wire::costs how = wire::costs::told)
    : to_{std::move(to)},
      limit_{limit},
      costs_{how} {}

  void on_event(const turn_event& event) override;

  bool ready() override;
  bool hopeless() override;
  void answer(http_session& session) override;

private:
  std::shared_ptr<inbox> to_;
  const std::size_t limit_;
  const wire::costs costs_;
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
void append_sse(std::string& out, const turn_event& event, wire::costs how = wire::costs::told);

} // namespace flipsync
