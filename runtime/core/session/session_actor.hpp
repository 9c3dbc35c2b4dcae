#pragma once
/// The actor that owns a session's machine: one for each socket.

#include <memory>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/session/session_machine.hpp"

namespace flipsync {

struct session_config {
  std::shared_ptr<live_session> session;
  std::shared_ptr<session_backend> backend;
  std::shared_ptr<session_feeds> feeds;
};

class session_state {
public:
  static inline const char* name = "flipsync.session";

  session_state(session_actor::pointer self, session_config config);
  session_actor::behavior_type make_behavior();

private:
  session_actor::pointer self_;
  session_config config_;
  session_machine machine_;
};

/// Mails to a session's actor what it is to run.
class session_mailbox final : public session_runner {
public:
  explicit session_mailbox(session_actor to) : to_{std::move(to)} {}
  void frame(std::string text) override;
  void agents_changed() override;
  void stop() override;

private:
  session_actor to_;
};

} // namespace flipsync
