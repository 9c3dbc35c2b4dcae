#pragma once
/// What a session does with what its client says. Pure: no actor, no socket, no clock of its own;
/// called by one thread at a time.

#include "runtime/core/session/session_feeds.hpp"
#include "runtime/core/wire/client_frame.hpp"

namespace flipsync {

class session_machine {
public:
  session_machine(std::shared_ptr<live_session> session, std::shared_ptr<session_backend> backend,
                  std::shared_ptr<session_feeds> feeds)
    : session_{std::move(session)},
      backend_{std::move(backend)},
      feeds_{std::move(feeds)} {}

  /// A frame of the client. What is wrong with it is told in an error frame; the session goes on.
  void on_frame(std::string_view text);
  /// The agents as they are now: sends what has changed since the last time.
  void on_agents(const std::vector<agent_status>& agents);
  [[nodiscard]] bool wants_agents() const noexcept { return agents_wanted_; }

private:
  result<void> act(wire::client_frame& frame);
  result<void> message(wire::client_frame& frame);
  result<void> cancel(const wire::client_frame& frame);
  result<void> subscribe(const wire::client_frame& frame);
  result<void> resume(const wire::client_frame& frame);
  /// Fills in what the session knows of the turn. Errors: as the frame is refused.
  result<void> complete(turn_request& request);
  /// The conversation of a message that names none. Where the session is one conversation.
  std::string last_conversation();
  /// A message of that conversation was begun as this turn. Likewise.
  void went_to(std::string conversation, std::shared_ptr<turn_relay> relay);
  /// Learns what became of the message that named a conversation, once that is known.
  void settle();

  std::shared_ptr<live_session> session_;
  std::shared_ptr<session_backend> backend_;
  std::shared_ptr<session_feeds> feeds_;
  std::string conversation_; ///< where the session is one conversation: the last one that is sure
  std::string named_;        ///< the one that a later message named, while that may yet be refused
  std::shared_ptr<turn_relay> named_by_; ///< that message's turn
  bool agents_wanted_ = false;
  bool all_agents_ = false; ///< the next roster is told in whole
  std::vector<agent_status> told_;
};

} // namespace flipsync
