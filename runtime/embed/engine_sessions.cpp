/// How an engine opens sessions: each is an actor of its own.

#include "runtime/core/session/session_actor.hpp"
#include "runtime/embed/engine.hpp"

namespace flipsync {

/// The engine as its sessions see it: they end with it.
class engine::session_door final : public session_backend {
public:
  explicit session_door(engine& owner) : owner_{owner} {}

  turn submit(turn_request request, std::shared_ptr<event_sink> sink) override {
    return owner_.begin(std::move(request), std::move(sink));
  }
  void agents(std::function<void(result<std::vector<agent_status>>)> done) override {
    owner_.agents(std::move(done));
  }
  std::string new_conversation() override {
    return owner_.env_->random->id_in_time("conv", wall());
  }
  [[nodiscard]] wall_time wall() const override { return owner_.env_->clock->wall(); }

private:
  engine& owner_;
};

result<std::shared_ptr<session>> engine::open_session(session_options options,
                                                      std::shared_ptr<session_port> port) {
  auto opened = sessions_->open(
    std::move(options), std::move(port), [this](const std::shared_ptr<live_session>& fresh) {
      session_config config{fresh, std::make_shared<session_door>(*this), sessions_->feeds()};
      const auto actor =
        system_->spawn<session_actor::stateful_impl<session_state>>(std::move(config));
      caf::actor_cast<caf::actor>(actor)->attach_functor(
        [weak = std::weak_ptr{fresh}](const caf::error&) {
          // Has no effect where the session has ended before its actor.
          if (const auto session = weak.lock())
            session->fail();
        });
      return std::make_unique<session_mailbox>(actor);
    });
  if (!opened)
    return opened.error();
  return std::shared_ptr<session>{std::move(*opened)};
}

} // namespace flipsync
