#include "runtime/embed/worker_policy.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scheduler/coordinator.hpp>

namespace flipsync {

void use_worker_policy(caf::actor_system_config& config) {
  config.module_factories.emplace_back([](caf::actor_system& system) -> caf::actor_system::module* {
    return new caf::scheduler::coordinator<worker_policy>{system};
  });
}

} // namespace flipsync
