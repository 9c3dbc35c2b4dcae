#pragma once
/// From an assembly to what a turn works with: at the start, and again where the configuration has
/// changed.

#include "runtime/core/services.hpp"

namespace caf {
class actor_system;
} // namespace caf

namespace flipsync {

std::shared_ptr<environment> make_environment(assembly parts, caf::actor_system& system,
                                              bool virtual_time);

/// The environment that the parts make of `now`. Clock, alarms, randomness, store, caches, meters
/// and ledger are the same; so are the counters of an agent of the same name, and what is known of
/// a provider of the same name whose limits are the same.
std::shared_ptr<environment> change_environment(const environment& now, assembly parts);

} // namespace flipsync
