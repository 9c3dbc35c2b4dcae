#include "runtime/core/model/call_walk.hpp"

#include <algorithm>
#include <utility>

#include "runtime/core/services.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

const std::string& name_of(const environment& env, const chain_route& route) {
  return env.providers[route.provider].provider->name();
}

provider_health& health_of(const environment& env, const chain_route& route) {
  return env.provider_state[route.provider]->health;
}

} // namespace

call_walk::call_walk(chain plan, const environment& env, std::uint32_t tokens)
  : plan_{std::move(plan)},
    env_{&env},
    tokens_{tokens},
    states_(plan_.routes.size()),
    places_(plan_.routes.size()),
    explained_(plan_.routes.size()) {
  for (std::size_t i = 0; i < states_.size(); ++i)
    states_[i].closed = plan_.routes[i].for_long_prompts || plan_.routes[i].after_fast;
}

call_walk::~call_walk() {
  for (std::size_t i = 0; i < places_.size(); ++i)
    give_back(i, 0);
}

void call_walk::leave_out_provider(std::size_t provider) {
  for (std::size_t i = 0; i < states_.size(); ++i)
    if (plan_.routes[i].provider == provider)
      close(i, "was silent in this turn");
}

call_walk::step call_walk::next(mono_time now, mono_time deadline) {
  const auto patience = env_->settings.conduct.patience;
  // Each round either decides or makes a route's outlook worse; the bound is for the arithmetic.
  for (std::size_t round = 0; round <= 2 * states_.size(); ++round) {
    const auto best = next_of(outlook(now), now, deadline, patience);
    if (!best)
      break;
    if (best->at > now)
      return {step::kind::wait, best->route, best->at};
    const auto at = begin(best->route, now, deadline, false);
    if (at && *at <= now) {
      explain_passed_over(best->route, now);
      return {step::kind::start, best->route, now};
    }
  }
  return {};
}

std::optional<std::size_t> call_walk::hedge(std::size_t running, mono_time now,
                                            mono_time deadline) {
  auto seen = outlook(now);
  seen[running].closed = true;
  const auto best = next_of(seen, now, deadline, milliseconds{0});
  if (!best || best->at > now)
    return std::nullopt;
  const auto at = begin(best->route, now, deadline, true);
  return at && *at <= now ? std::optional{best->route} : std::nullopt;
}

bool call_walk::ended(std::size_t route, mono_time began, mono_time now, const error& why,
                      std::uint32_t used, std::uint64_t random) {
  auto& state = states_[route];
  auto& health = health_of(*env_, plan_.routes[route]);
  const auto retries = state.attempts - std::min(state.attempts, places_[route].key_changes);
  const auto pause = wait_before_retry(env_->settings, why, std::max(retries, 1U), random);
  health.end(places_[route].where.key, plan_.routes[route].model, began, now, why, pause);
  // What a failed attempt has used is not known; it counts as expected.
  give_back(route, used > 0 ? used : tokens_);
  const auto what = fault_of(why);
  if (what == fault::none)
    return false;
  const auto conduct = conduct_of(what, env_->settings);
  if (!conduct.counts) {
    --state.attempts;
    return false;
  }
  if (what != fault::final_here) // the call's own end is no fault of anybody
    env_->model_meters->attempt_failed(name_of(*env_, plan_.routes[route]), what);
  if (!conduct.elsewhere)
    for (auto& each : states_)
      each.closed = true;
  else if (opens_after_fast(route, what))
    give_to_usual_model(route, what);
  else if (what == fault::context_too_long)
    open_longer(route);
  else if (goes_on_with_other_key(route, what, now))
    return false;
  else if (retries >= conduct.attempts)
    state.closed = true;
  state.last_resort = state.last_resort || conduct.rather_elsewhere;
  if (health.keys() == 1 || !is_of_key(what)) // else the key rests, and perhaps not the next one
    state.not_before = now + pause;
  return conduct.not_again_in_turn;
}

bool call_walk::goes_on_with_other_key(std::size_t route, fault what, mono_time now) {
  auto& place = places_[route];
  const auto& to = plan_.routes[route];
  const auto& health = health_of(*env_, to);
  if (place.key_changes + 1 >= health.keys()
      || !health.has_other_key(key_of(route), what, to.model, tokens_, now))
    return false;
  ++place.key_changes;
  place.key_changed = true;
  return true;
}

void call_walk::too_dear(std::size_t route, mono_time now) {
  health_of(*env_, plan_.routes[route])
    .end(key_of(route), plan_.routes[route].model, now, now, error{errc::cancelled});
  --states_[route].attempts;
  close(route, "may cost more than is left to spend");
}

bool call_walk::has_other(std::size_t route, mono_time now, mono_time deadline) const {
  auto seen = outlook(now);
  seen[route].closed = true;
  const auto other = next_of(seen, now, deadline, milliseconds{0});
  return other && other->at <= now;
}

error call_walk::refusal(mono_time now) const {
  if (plan_.routes.empty())
    return error{errc::provider_unavailable, "no model provider can take this call"}.with(
      "reason", plan_.why);
  const auto& route = plan_.routes.front();
  const auto seen = health_of(*env_, route).look(route.model, tokens_, now);
  if (seen.out == shut_out::key)
    return error{errc::provider_rejected, health_of(*env_, route).keys() == 1
                                            ? "the provider has refused the key"
                                            : "the provider has refused all keys"}
      .with("provider", name_of(*env_, route))
      .with("reason", "key");
  if (seen.not_before > now)
    return error{errc::rate_limited, "the provider's limit leaves no room before the deadline"}
      .with("provider", name_of(*env_, route))
      .with_retry_after(std::chrono::ceil<milliseconds>(seen.not_before - now));
  return error{errc::provider_unavailable, "the provider is left alone after its failures"}
    .with("provider", name_of(*env_, route))
    .with("reason", plan_.why);
}

std::vector<route_state> call_walk::outlook(mono_time now) const {
  auto seen = states_;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].closed)
      continue;
    const auto& route = plan_.routes[i];
    const auto health = health_of(*env_, route).look(route.model, tokens_, now);
    // The last provider of a chain is never ejected by its breaker, and a refused key always is.
    seen[i].closed =
      health.out == shut_out::key || (health.out == shut_out::breaker && !is_last(i));
    seen[i].not_before =
      std::max(seen[i].not_before, places_[i].taken ? places_[i].where.at : health.not_before);
  }
  return seen;
}

/// When the attempt may begin; nullopt, and the route is closed, if it may not.
std::optional<mono_time> call_walk::begin(std::size_t index, mono_time now, mono_time deadline,
                                          bool hedge) {
  const auto& route = plan_.routes[index];
  auto& health = health_of(*env_, route);
  auto& place = places_[index];
  const auto at = take_place(index, now, deadline);
  if (!at) {
    close(index, "has too many calls waiting for its minute");
    return std::nullopt;
  }
  if (*at > now) {
    states_[index].not_before = *at;
    return at;
  }
  const bool again = states_[index].attempts > 0 && !place.key_changed;
  if ((hedge || again) && !health.draw(hedge)) {
    if (!hedge)
      close(index, "has failed too often for a retry");
    return std::nullopt;
  }
  const auto key = health.begin(route.model, now, is_last(index),
                                place.taken ? std::optional{place.where.key} : std::nullopt);
  if (!key) {
    close(index, "is being probed by another call");
    return std::nullopt;
  }
  place.where.key = *key;
  place.key_changed = false;
  if (hedge)
    env_->model_meters->hedged(name_of(*env_, route));
  else if (again)
    env_->model_meters->retried(name_of(*env_, route));
  ++states_[index].attempts;
  return now;
}

std::optional<mono_time> call_walk::take_place(std::size_t index, mono_time now,
                                               mono_time deadline) {
  const auto& route = plan_.routes[index];
  const auto& limits = env_->providers[route.provider].rate;
  auto& place = places_[index];
  if (limits.requests_per_minute == 0 && limits.tokens_per_minute == 0)
    return now;
  auto& health = health_of(*env_, route);
  if (place.taken && !health.place_holds(place.where, route.model, now))
    give_back(index, 0);
  if (place.taken)
    return now;
  const auto at = health.take_place(route.model, tokens_, now, deadline);
  if (!at)
    return std::nullopt;
  place.where = *at;
  place.taken = true;
  return std::max(at->at, now);
}

void call_walk::give_back(std::size_t route, std::uint32_t used) {
  if (std::exchange(places_[route].taken, false))
    health_of(*env_, plan_.routes[route]).settle_place(places_[route].where, tokens_, used);
}

/// What the fast tier cannot hold or tell whole, the same provider's usual model can.
bool call_walk::opens_after_fast(std::size_t route, fault what) const noexcept {
  return plan_.routes[route].fast && (what == fault::outgrown || what == fault::context_too_long);
}

void call_walk::give_to_usual_model(std::size_t fast, fault what) {
  close(fast, what == fault::outgrown ? "did not end within the fast tier's limit"
                                      : "cannot hold the prompt on the fast tier");
  auto& next = states_[fast + 1];
  next.closed = next.attempts > 0;
}

bool call_walk::is_last(std::size_t route) const noexcept {
  if (plan_.routes[route].after_fast)
    return is_last(route - 1);
  for (std::size_t i = plan_.routes.size(); i-- > 0;)
    if (!plan_.routes[i].for_long_prompts && !plan_.routes[i].after_fast)
      return i == route;
  return true;
}

/// A prompt that did not fit goes only to models that are known to hold more.
void call_walk::open_longer(std::size_t failed) {
  const auto held = plan_.routes[failed].context_tokens;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const auto& route = plan_.routes[i];
    const bool larger = held > 0 && route.context_tokens > held;
    if (route.for_long_prompts && i != failed)
      states_[i].closed = states_[i].attempts > 0;
    else if (i == failed || !larger)
      states_[i].closed = true;
  }
}

void call_walk::close(std::size_t route, std::string_view because) {
  if (states_[route].closed)
    return;
  states_[route].closed = true;
  explain(route, because);
}

void call_walk::explain(std::size_t route, std::string_view because) {
  if (explained_[route])
    return;
  explained_[route] = true;
  plan_.why += (plan_.why.empty() ? "" : "; ") + name_of(*env_, plan_.routes[route]) + ' '
               + std::string{because};
}

/// Routes before the chosen one that were not even tried.
void call_walk::explain_passed_over(std::size_t chosen, mono_time now) {
  for (std::size_t i = 0; i < chosen; ++i) {
    if (states_[i].closed || states_[i].attempts > 0)
      continue;
    const auto& route = plan_.routes[i];
    const auto seen = health_of(*env_, route).look(route.model, tokens_, now);
    if (seen.out == shut_out::breaker)
      explain(i, "is left alone after its failures");
    else if (seen.out == shut_out::key)
      explain(i,
              health_of(*env_, route).keys() == 1 ? "has refused the key" : "has refused all keys");
    else if (seen.not_before > now)
      explain(i, "is at its limit");
  }
}

} // namespace flipsync
