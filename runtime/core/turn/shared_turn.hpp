#pragma once
/// One turn that several callers listen to: whoever comes later first hears what was, then what is.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/core/facade.hpp"

namespace flipsync {

/// The turn's own sink. Keeps its events in short: tokens that follow one another are one, and
/// `progress`, which is stale at once, and what a restart has made void are left out, and a text
/// that was not streamed is a token before the end; so a later listener's numbers rise by one from
/// 1, but differ from the first one's. Thread-safe.
class shared_turn final : public event_sink, public std::enable_shared_from_this<shared_turn> {
public:
  /// Called once, before anybody hears the last event, so that who then asks again finds what the
  /// end has changed: whether the turn was answered, and the bytes it holds.
  using end_handler = std::function<void(bool answered, std::size_t bytes)>;

  explicit shared_turn(end_handler ended) : ended_handler_{std::move(ended)} {}

  void on_event(const turn_event& event) override;

  /// The turn behind it, to be cancelled when the last listener has left. Once, after submit.
  void runs(turn underlying);
  /// Ends a turn that was never submitted.
  void refuse(error why);

  /// Listens. Cancelling what is returned takes this listener off, with its one terminal event,
  /// and ends the turn only where nobody else listens.
  turn join(std::shared_ptr<event_sink> sink);

private:
  class listener;
  static constexpr std::uint64_t first_listener = 1;
  struct heard {
    std::uint64_t id;
    std::shared_ptr<event_sink> sink;
    std::int64_t shift; ///< what its numbers differ by
  };

  void record(const turn_event& event);
  void drop_void();
  /// Tells the text of a turn without tokens, whose first listener may have wanted none, to all
  /// who came after that one.
  void tell_text(const turn_event& completed);
  /// Under the lock, so that each listener hears everything once and in order.
  void tell(const turn_event& event);
  void leave(std::uint64_t id, std::string_view reason);

  std::mutex mutex_;
  end_handler ended_handler_;
  std::vector<turn_event> record_;
  std::vector<heard> listeners_;
  turn underlying_;
  std::string id_;
  std::uint64_t last_seq_ = 0;
  std::uint64_t last_listener_ = 0;
  bool ended_ = false;
};

} // namespace flipsync
