#include "runtime/embed/make_environment.hpp"

#include "runtime/embed/caf_clock.hpp"

namespace flipsync {

namespace {

/// Virtual time begins here, so that a run is the same on any day.
constexpr wall_time virtual_epoch{
  std::chrono::milliseconds{1'767'225'600'000}}; // 2026-01-01T00:00:00Z

/// What a configuration says, and the state that belongs to each of its agents and providers.
void take_parts(environment& env, assembly& parts) {
  env.settings = parts.core;
  env.library = std::move(parts.library);
  for (auto& spec : parts.agents) {
    env.agents.push_back(std::make_shared<const agent_spec>(std::move(spec)));
    env.counters.push_back(std::make_shared<agent_counters>());
  }
  env.router = std::make_shared<const intent_router>(std::move(parts.router));
  env.rules = std::move(parts.rules);
  env.readings = std::make_shared<reading_cache>();
  env.models = std::move(parts.models);
  env.providers = std::move(parts.providers);
  for (const auto& entry : env.providers)
    env.provider_state.push_back(
      std::make_shared<provider_counters>(parts.core.conduct, entry.rate, entry.provider->keys()));
  env.prices = std::make_shared<const price_list>(std::move(parts.prices));
}

/// What needs a restart stays as it was, whatever the parts say.
void keep_fixed(core_settings& next, const core_settings& now) {
  next.max_turns_in_flight = now.max_turns_in_flight;
  next.history_limit = now.history_limit;
  next.read_cache_bytes = now.read_cache_bytes;
  next.read_cache_ttl = now.read_cache_ttl;
  next.cache = now.cache;
  next.worker_threads = now.worker_threads;
  next.sessions = now.sessions;
  next.keep_conversations = now.keep_conversations;
}

void keep_counters(environment& next, const environment& now) {
  for (std::size_t i = 0; i < next.agents.size(); ++i)
    if (const auto old = now.index_of(next.agents[i]->name); old != environment::npos)
      next.counters[i] = now.counters[old];
}

void keep_health(environment& next, const environment& now) {
  const bool same_conduct = next.settings.conduct == now.settings.conduct;
  for (std::size_t i = 0; i < next.providers.size(); ++i)
    for (std::size_t old = 0; old < now.providers.size(); ++old) {
      const auto& was = now.providers[old];
      if (was.provider->name() != next.providers[i].provider->name())
        continue;
      next.provider_state[i]->places = now.provider_state[old]->places; // calls under way hold some
      if (!same_conduct || was.rate != next.providers[i].rate
          || was.access_identity != next.providers[i].access_identity)
        continue;
      next.provider_state[i] = now.provider_state[old];
      next.provider_state[i]->health.lift_keys();
    }
}

} // namespace

std::shared_ptr<environment> make_environment(assembly parts, caf::actor_system& system,
                                              bool virtual_time) {
  auto env = std::make_shared<environment>();
  env->random = parts.seed != 0 ? make_random(parts.seed) : make_machine_random();
  env->clock =
    std::make_shared<caf_clock>(system, virtual_time ? std::optional{virtual_epoch} : std::nullopt);
  env->alarms = std::make_shared<alarm_queue>(env->clock);
  env->store = std::move(parts.store);
  env->commits = std::make_shared<commit_watch>();
  env->reads = std::make_shared<read_cache>(parts.core.read_cache_bytes, parts.core.read_cache_ttl,
                                            env->clock);
  env->answers =
    std::make_shared<answer_cache>(parts.core.cache, env->clock, std::move(parts.second));
  env->turns = std::make_shared<turn_cache>(
    parts.core.cache, env->clock,
    [store = env->store] { return store ? store->catalogue_version() : 0; },
    [random = env->random] { return random->id("turn"); });
  take_parts(*env, parts);
  env->metrics = std::make_shared<core_metrics>(system);
  env->model_meters = std::make_shared<model_metrics>(system);
  env->cost_meters = std::make_shared<cost_metrics>(system);
  env->ledger =
    std::make_shared<cost_ledger>(env->clock, env->settings.costs.limits, env->cost_meters);
  env->crashes = std::make_shared<crash_ledger>();
  env->agents_bell = std::make_shared<change_bell>();
  env->virtual_time = virtual_time;
  return env;
}

std::shared_ptr<environment> change_environment(const environment& now, assembly parts) {
  auto next = std::make_shared<environment>(now);
  next->agents.clear();
  next->counters.clear();
  next->provider_state.clear();
  take_parts(*next, parts);
  keep_fixed(next->settings, now.settings);
  keep_counters(*next, now);
  keep_health(*next, now);
  return next;
}

} // namespace flipsync
