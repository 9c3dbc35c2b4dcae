#include "runtime/core/session/session_actor.hpp"

namespace flipsync {

session_state::session_state(session_actor::pointer self, session_config config)
  : self_{self},
    config_{std::move(config)},
    machine_{config_.session, config_.backend, config_.feeds} {}

session_actor::behavior_type session_state::make_behavior() {
  return {
    [this](frame_atom, const std::string& text) -> caf::result<void> {
      machine_.on_frame(text);
      config_.session->frame_done();
      return caf::unit;
    },
    [this](changed_atom) -> caf::result<void> {
      if (!machine_.wants_agents())
        return caf::unit;
      config_.backend->agents(
        [weak = caf::weak_actor_ptr{self_->ctrl()}](result<std::vector<agent_status>> found) {
          const auto self = weak.lock();
          if (self && found)
            caf_compat::anon_send(
              caf::actor_cast<session_actor>(self), roster_atom_v,
              roster_ptr{std::make_shared<const std::vector<agent_status>>(std::move(*found))});
        });
      return caf::unit;
    },
    [this](roster_atom, const roster_ptr& agents) -> caf::result<void> {
      machine_.on_agents(*agents);
      return caf::unit;
    },
    [this](stop_atom) -> caf::result<void> {
      config_.feeds->subscribe(config_.session, false, false);
      self_->quit(caf::exit_reason::normal);
      return caf::unit;
    },
  };
}

void session_mailbox::frame(std::string text) {
  caf_compat::anon_send(to_, frame_atom_v, std::move(text));
}

void session_mailbox::agents_changed() { caf_compat::anon_send(to_, changed_atom_v); }

void session_mailbox::stop() { caf_compat::anon_send(to_, stop_atom_v); }

} // namespace flipsync
