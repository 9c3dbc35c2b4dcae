/// How an engine takes up a new configuration.

#include "runtime/core/caf_compat.hpp"
#include "runtime/embed/awaited.hpp"
#include "runtime/embed/check_assembly.hpp"
#include "runtime/embed/engine.hpp"
#include "runtime/embed/make_environment.hpp"

namespace flipsync {

namespace {

constexpr std::chrono::milliseconds reload_patience{10'000};

} // namespace

void engine::publish_directory(const environment& env) {
  auto fresh = std::make_shared<model_directory>(env.providers, env.models, env.settings, env.clock,
                                                 env.alarms);
  directory_.publish(std::make_shared<const std::shared_ptr<model_directory>>(std::move(fresh)));
}

void engine::reload(assembly parts, std::function<void(result<void>)> done) {
  if (auto checked = check_assembly(parts); !checked)
    return done(checked.error());
  const auto now = board_->get();
  const auto supervisor = supervisor_at_hand();
  if (!now || !supervisor)
    return done(error{errc::shutting_down, "the runtime is not running"});
  const std::shared_ptr<const environment> next = change_environment(*now->env, std::move(parts));
  const auto asked = std::make_shared<awaited<void>>(std::move(done));
  asked->limit(env_->alarms, env_->clock->now() + reload_patience);
  changed_->publish(next);
  next->ledger->set_limits(next->settings.costs.limits);
  auto taken_up = [this, asked, next] {
    publish_directory(*next);
    next->turns->outdate(); // what the old configuration has said
    asked->answer({});
  };
  caf_compat::anon_send(supervisor, changed_atom_v,
                        std::make_shared<const std::function<void()>>(std::move(taken_up)));
  if (options_.virtual_time)
    run_virtual();
}

} // namespace flipsync
