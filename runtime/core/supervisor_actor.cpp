#include "runtime/core/supervisor_actor.hpp"

#include <algorithm>
#include <utility>

#include "runtime/core/agent/agent_actor.hpp"
#include "runtime/core/caf_error.hpp"
#include "runtime/core/conversation_actor.hpp"
#include "runtime/core/log.hpp"
#include "runtime/core/model/gateway_actor.hpp"
#include "runtime/core/model/provider_actor.hpp"
#include "runtime/core/store/store_actor.hpp"
#include "runtime/core/store/survey_actor.hpp"

namespace flipsync {

namespace {

std::string key_of_conversation(const turn_context& turn) {
  auto key = turn.request.tenant;
  key.push_back('\0');
  return key += turn.guard->conversation_id();
}

/// Spawns on a thread of its own what blocks, except where one thread runs all.
template <class Handle, class State, class Config>
Handle spawn_blocking(supervisor_actor::pointer self, bool virtual_time, Config config) {
  using impl = typename Handle::template stateful_impl<State>;
  return virtual_time ? self->spawn<impl>(std::move(config))
                      : self->spawn<impl, caf::detached>(std::move(config));
}

} // namespace

supervisor_state::supervisor_state(supervisor_actor::pointer self, supervisor_config config)
  : self_{self},
    config_{std::move(config)} {
  next_.env = config_.env;
  next_.words_at = config_.words;
  add_store();
  add_workers();
  for (std::size_t i = 0; i < children_.size(); ++i)
    start(i);
  publish();
}

template <class Handle, class Spawn>
void supervisor_state::add_child(std::string child_name, Handle services::*slot, Spawn spawn) {
  children_.push_back(
    {std::move(child_name),
     [this, slot, spawn] {
       next_.*slot = spawn();
       return caf::actor_cast<caf::actor_addr>(next_.*slot);
     },
     [this, slot] { next_.*slot = nullptr; },
     [](const caf::error&) {},
     restart_window{config_.env->settings.restart_max, config_.env->settings.restart_window},
     {}});
}

template <class Handle, class Spawn>
void supervisor_state::add_child(std::string child_name, std::vector<Handle> services::*slots,
                                 std::size_t index, Spawn spawn) {
  children_.push_back(
    {std::move(child_name),
     [this, slots, index, spawn] {
       (next_.*slots)[index] = spawn();
       return caf::actor_cast<caf::actor_addr>((next_.*slots)[index]);
     },
     [this, slots, index] { (next_.*slots)[index] = nullptr; },
     [](const caf::error&) {},
     restart_window{config_.env->settings.restart_max, config_.env->settings.restart_window},
     {}});
}

/// In the order of starting: what others lean on first. Stopping goes the other way.
void supervisor_state::add_store() {
  const auto env = config_.env;
  if (!env->store)
    return;
  add_child("store", &services::store, [this, env] {
    return spawn_blocking<store_actor, store_actor_state>(
      self_, env->virtual_time,
      store_actor_config{env->store, env->settings.history_limit, env->commits});
  });
  add_child("survey", &services::survey, [this, env] {
    return spawn_blocking<survey_actor, survey_actor_state>(self_, env->virtual_time,
                                                            survey_actor_config{env->store});
  });
}

void supervisor_state::add_workers() {
  const auto env = config_.env;
  next_.agents.resize(env->agents.size());
  next_.providers.resize(env->providers.size());
  for (std::size_t i = 0; i < env->providers.size(); ++i)
    add_child("provider:" + env->providers[i].provider->name(), &services::providers, i,
              [this, env, i] {
                return self_->spawn<provider_actor::stateful_impl<provider_actor_state>>(
                  provider_actor_config{env, i});
              });
  add_child("gateway", &services::gateway, [this, env] {
    return self_->spawn<gateway_actor::stateful_impl<gateway_state>>(gateway_config{env});
  });
  for (std::size_t i = 0; i < env->agents.size(); ++i) {
    add_child("agent:" + env->agents[i]->name, &services::agents, i, [this, env, i] {
      return self_->spawn<agent_actor::stateful_impl<agent_state>>(agent_config{env, i});
    });
    children_.back().crashed = [env, i](const caf::error&) {
      env->crashes->crashed(env->agents[i]->name);
      env->counters[i]->restarts.fetch_add(1);
    };
  }
}

supervisor_actor::behavior_type supervisor_state::make_behavior() {
  return {
    [this](submit_atom, const turn_ptr& turn) -> caf::result<void> {
      submit(turn);
      return caf::unit;
    },
    [this](done_atom, departed_turn& turn) -> caf::result<void> {
      turn_left(turn);
      return caf::unit;
    },
    [this](forget_atom, const std::string& key, const durable_call& gone) -> caf::result<void> {
      forget(key, gone);
      return caf::unit;
    },
    [this](changed_atom, const durable_call& done) -> caf::result<void> {
      if (auto env = config_.changed->get(); env && !stopping_)
        take_up(std::move(env));
      (*done)();
      return caf::unit;
    },
    [this](tick_atom) -> caf::result<void> {
      tick_set_ = false;
      forget_idle();
      return caf::unit;
    },
    [this](stop_atom) -> caf::result<void> {
      stop();
      return caf::unit;
    },
  };
}

/// The actors of before end by themselves when the last turn that holds them has ended.
void supervisor_state::take_up(std::shared_ptr<const environment> env) {
  config_.env = std::move(env);
  next_.env = config_.env;
  next_.agents.clear();
  next_.providers.clear();
  next_.gateway = nullptr;
  const std::size_t kept = config_.env->store ? 2 : 0; // those of the store
  children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(kept), children_.end());
  add_workers();
  for (auto i = kept; i < children_.size(); ++i)
    start(i);
  publish();
}

void supervisor_state::publish() {
  config_.board->publish(std::make_shared<const services>(next_));
  config_.env->agents_bell->ring();
}

void supervisor_state::start(std::size_t index) {
  children_[index].address = children_[index].spawn();
  watch(index);
}

void supervisor_state::watch(std::size_t index) {
  const auto& address = children_[index].address;
  caf_compat::monitor(
    self_, caf::actor_cast<caf::strong_actor_ptr>(address),
    [this, index, address](const caf::error& why) { child_down(index, address, why); });
}

void supervisor_state::child_down(std::size_t index, const caf::actor_addr& who,
                                  const caf::error& why) {
  if (stopping_ || index >= children_.size() || children_[index].address != who)
    return;
  auto& fallen = children_[index];
  fallen.crashed(why);
  config_.env->metrics->agent_restarted(fallen.name);
  if (fallen.window.allow(config_.env->clock->now())) {
    log::warn("actor_restarted", {{"actor", fallen.name}, {"reason", caf::to_string(why)}});
    start(index);
  } else {
    log::error("actor_given_up", {{"actor", fallen.name}, {"reason", caf::to_string(why)}});
    fallen.address = nullptr;
    fallen.clear();
  }
  publish();
}

void supervisor_state::submit(const turn_ptr& turn) {
  if (stopping_) {
    turn->guard->fail(error{errc::shutting_down, "the runtime is shutting down"});
    return;
  }
  if (turn->guard->ended())
    return;
  auto& live = conversation_for(*turn);
  live.turns.push_back(turn);
  caf_compat::send(self_, live.actor, run_atom_v, turn);
}

supervisor_state::live_conversation& supervisor_state::conversation_for(const turn_context& turn) {
  auto key = key_of_conversation(turn);
  if (turn.new_conversation) // its id was made for this turn
    return spawn_conversation(std::move(key), {});
  if (const auto found = conversations_.find(key); found != conversations_.end())
    return found->second;
  auto memory = resting_.take(key);
  return spawn_conversation(std::move(key), std::move(memory).value_or(std::string{}));
}

supervisor_state::live_conversation& supervisor_state::spawn_conversation(std::string key,
                                                                          std::string memory) {
  auto& [name, added] = *conversations_.try_emplace(std::move(key)).first;
  added.actor = self_->spawn<conversation_actor::stateful_impl<conversation_state>>(
    conversation_config{config_.env, supervisor_actor{self_}, name, std::move(memory)});
  added.watched =
    caf_compat::monitor(self_, caf::actor_cast<caf::strong_actor_ptr>(added.actor),
                        [this, key = name, address = caf::actor_cast<caf::actor_addr>(added.actor)](
                          const caf::error&) { conversation_down(key, address); });
  count_conversations();
  return added;
}

void supervisor_state::turn_left(departed_turn& turn) {
  const auto found = conversations_.find(turn.key);
  if (found == conversations_.end())
    return;
  auto& turns = found->second.turns;
  const auto left = std::find_if(turns.begin(), turns.end(), [&turn](const turn_ptr& each) {
    return each->number == turn.number;
  });
  if (left == turns.end())
    return;
  turns.erase(left);
  if (turns.empty())
    rest(found, turn);
}

/// Only this actor holds a conversation's actor and sends it turns, and it has none: nothing can be
/// lost. CAF ends an actor that nobody holds, where the last handle goes; a message that tells it
/// to would cost a turn of the workers' each time.
void supervisor_state::rest(conversation_map::iterator which, departed_turn& last) {
  take_out(which);
  if (last.memory.empty())
    return;
  resting_.keep(std::move(last.key), std::move(last.memory), config_.env->clock->now());
  count_conversations();
  set_tick();
}

/// A conversation that died of itself fails the turns it held and no others.
void supervisor_state::conversation_down(const std::string& key, const caf::actor_addr& who) {
  const auto found = conversations_.find(key);
  if (found == conversations_.end() || caf::actor_cast<caf::actor_addr>(found->second.actor) != who)
    return;
  const auto lost = take_out(found);
  log::warn("conversation_down", {{"turns", std::to_string(lost.turns.size())}});
  for (const auto& turn : lost.turns)
    turn->guard->fail(error{errc::agent_down, "the conversation's actor went down"});
}

/// The conversation leaves the map and is not watched any more.
supervisor_state::live_conversation supervisor_state::take_out(conversation_map::iterator which) {
  auto taken = std::move(which->second);
  conversations_.erase(which);
  taken.watched.stop();
  count_conversations();
  return taken;
}

/// Calls back only once the actor is gone, so that no late exchange of its is stored afterwards.
void supervisor_state::forget(const std::string& key, const durable_call& gone) {
  const auto found = conversations_.find(key);
  if (found == conversations_.end()) {
    resting_.take(key);
    count_conversations();
    return (*gone)();
  }
  const auto leaving = take_out(found);
  for (const auto& turn : leaving.turns)
    turn->guard->fail(error{errc::cancelled, "the conversation was deleted"});
  caf_compat::monitor(self_, caf::actor_cast<caf::strong_actor_ptr>(leaving.actor),
                      [gone](const caf::error&) { (*gone)(); });
  self_->send_exit(leaving.actor, caf::exit_reason::user_shutdown);
}

void supervisor_state::forget_idle() {
  resting_.drop_older_than(config_.env->clock->now() - config_.env->settings.passivate_after);
  count_conversations();
  set_tick();
}

/// Those with turns count, and only the others can make room.
void supervisor_state::count_conversations() {
  const std::size_t most = config_.env->settings.max_conversations;
  while (!resting_.empty() && conversations_.size() + resting_.size() > most)
    resting_.drop_oldest();
  config_.env->metrics->live_conversations(
    static_cast<std::int64_t>(conversations_.size() + resting_.size()));
}

void supervisor_state::set_tick() {
  if (tick_set_ || resting_.empty() || stopping_)
    return;
  tick_set_ = true;
  config_.env->alarms->set(config_.env->clock->now() + config_.env->settings.passivate_after / 4,
                           [weak = caf::weak_actor_ptr{self_->ctrl()}] {
                             if (const auto strong = weak.lock())
                               caf_compat::anon_send(caf::actor_cast<supervisor_actor>(strong),
                                                     tick_atom_v);
                           });
}

void supervisor_state::stop() {
  if (stopping_)
    return;
  stopping_ = true;
  for (auto& [key, entry] : conversations_) {
    for (const auto& turn : entry.turns)
      turn->guard->fail(error{errc::shutting_down, "the runtime is shutting down"});
    self_->send_exit(entry.actor, caf::exit_reason::user_shutdown);
  }
  conversations_.clear();
  resting_.clear();
  const auto store = next_.store;
  std::for_each(children_.rbegin(), children_.rend(), [&](const child& each) {
    if (each.address && caf::actor_cast<caf::actor_addr>(store) != each.address)
      self_->send_exit(each.address, caf::exit_reason::user_shutdown);
  });
  // Handles in the board would keep actors alive.
  config_.board->publish(nullptr);
  next_ = services{};
  next_.env = config_.env;
  if (!store)
    return self_->quit(caf::exit_reason::user_shutdown);
  const auto leave = [this, store] {
    self_->send_exit(store, caf::exit_reason::user_shutdown);
    self_->quit(caf::exit_reason::user_shutdown);
  };
  // Last of all, after what it was given is committed.
  caf_compat::ask(self_, store, commit_atom_v)
    .then([leave] { leave(); }, [leave](const caf::error&) { leave(); });
}

} // namespace flipsync
