#include "runtime/embed/caf_clock.hpp"

#include <caf/action.hpp>
#include <caf/actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace flipsync {

void caf_clock::arm(mono_time at, std::function<void()> wake) {
  system_.clock().schedule(at, caf::make_action(std::move(wake)));
}

} // namespace flipsync
