#include "runtime/core/model/provider_actor.hpp"

#include <algorithm>

#include "runtime/core/model/call_audience.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/model/flight.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

namespace {

std::chrono::milliseconds time_left(const attempt_order& order, const environment& env) {
  if (!order.audience)
    return order.call->turn->guard->remaining();
  return std::chrono::duration_cast<std::chrono::milliseconds>(order.audience->deadline()
                                                               - env.clock->now());
}

} // namespace

provider_actor_state::provider_actor_state(provider_actor::pointer self,
                                           provider_actor_config config)
  : self_{self},
    config_{std::move(config)},
    places_{state().places, [weak = caf::weak_actor_ptr{self->ctrl()}] {
              if (const auto strong = weak.lock())
                caf_compat::anon_send(caf::actor_cast<provider_actor>(strong), go_on_atom_v);
            }} {}

provider_actor_state::~provider_actor_state() {
  for (auto& [number, waiting] : jobs_) {
    waiting.order->scope->unlisten(waiting.listener);
    if (waiting.running)
      waiting.running->cancel();
  }
}

const provider_entry& provider_actor_state::entry() const {
  return config_.env->providers[config_.index];
}

provider_actor::behavior_type provider_actor_state::make_behavior() {
  return {
    [this](generate_atom, const attempt_order_ptr& order) -> caf::result<flight_outcome_ptr> {
      if (auto admitted = admit(*order); !admitted)
        return refused(*order, admitted.error());
      const auto number = ++last_number_;
      auto& added = jobs_[number];
      added.number = number;
      added.order = order;
      added.done = self_->make_response_promise<flight_outcome_ptr>();
      auto done = added.done;
      if (places_.take(entry().max_concurrent)) {
        take_off(added);
        return done;
      }
      // A waiting job ends with its turn too. By address, so that the guard keeps no actor alive.
      added.listener = order->scope->listen([weak = caf::weak_actor_ptr{self_->ctrl()}, number] {
        if (const auto strong = weak.lock())
          caf_compat::anon_send(caf::actor_cast<provider_actor>(strong), ended_atom_v, number);
      });
      waiting_.push_back(number);
      show_load();
      start_waiting(); // another actor may have left a place before it was told that one waits
      return done;
    },
    [this](done_atom, std::uint64_t number,
           const flight_outcome_ptr& outcome) -> caf::result<void> {
      settle(number, outcome);
      return caf::unit;
    },
    [this](ended_atom, std::uint64_t number) -> caf::result<void> {
      const auto found = jobs_.find(number);
      if (found != jobs_.end() && !found->second.running)
        settle(number, refused(*found->second.order, not_wanted()));
      return caf::unit;
    },
    [this](go_on_atom) -> caf::result<void> {
      start_waiting();
      return caf::unit;
    },
  };
}

provider_counters& provider_actor_state::state() const {
  return *config_.env->provider_state[config_.index];
}

result<void> provider_actor_state::admit(const attempt_order& order) const {
  if (order.scope->ended())
    return not_wanted();
  const auto& name = entry().provider->name();
  const auto limit = entry().max_concurrent;
  const auto load = places_.all();
  // Coming back after a fault, it gets few calls at first; who can go elsewhere does.
  if (order.elsewhere && load.running >= state().health.allowed(order.model, limit)
      && load.running < limit)
    return error{errc::overloaded, "provider '" + name + "' is coming back slowly"}.with("provider",
                                                                                         name);
  if (load.running < limit)
    return {};
  if (load.waiting >= entry().max_waiting)
    return error{errc::overloaded,
                 "provider '" + name + "' has " + std::to_string(load.waiting) + " calls waiting"}
      .with("provider", name);
  // What cannot come to its turn in time is not made to wait for it.
  const auto usual = state().latency.median() * static_cast<long>(load.waiting / limit + 1);
  if (usual >= time_left(order, *config_.env))
    return error{errc::overloaded,
                 "the queue of provider '" + name + "' is longer than the time left"}
      .with("provider", name);
  return {};
}

void provider_actor_state::show_load() {
  places_.set_waiting(static_cast<std::uint32_t>(waiting_.size()));
}

void provider_actor_state::take_off(job& next) {
  const auto& env = *config_.env;
  auto request = next.order->call->request;
  request.model = next.order->model;
  request.key = std::max(next.order->key_number, 1U) - 1;
  request.tuning = tuning_for(*next.order->call, env.models, next.order->fast);
  const auto limit =
    entry().attempt_timeout.count() > 0 ? entry().attempt_timeout : env.settings.attempt_timeout;
  // An attempt that is shared is not cut by one caller's deadline: each leaves at its own.
  request.timeout =
    next.order->audience ? limit : std::min(limit, next.order->call->turn->guard->remaining());
  next.running = std::make_shared<flight>(provider_actor{self_}, next.number, next.order,
                                          config_.env, config_.index);
  // The scope's end closes the socket from its own thread, not by way of this mailbox.
  const auto old = next.listener;
  next.listener = next.order->scope->listen([weak = std::weak_ptr<flight>{next.running}] {
    if (const auto running = weak.lock())
      running->cancel();
  });
  next.order->scope->unlisten(old);
  next.running->start(request);
}

void provider_actor_state::settle(std::uint64_t number, flight_outcome_ptr outcome) {
  const auto found = jobs_.find(number);
  if (found == jobs_.end())
    return;
  auto ended = std::move(found->second);
  jobs_.erase(found);
  ended.order->scope->unlisten(ended.listener);
  if (ended.running) {
    places_.give_back();
    config_.env->metrics->attempt_ended(outcome->tried);
    config_.env->model_meters->attempt_ended(ended.order->model, outcome->tried,
                                             outcome->reply.first_token, outcome->reply.tokens);
    if (outcome->why.code == errc::cancelled)
      config_.env->metrics->call_cancelled(entry().provider->name());
    // An answer that the fast tier's limit ended is no failure of its provider.
    const auto said = fault_of(outcome->why) == fault::outgrown ? errc::none : outcome->why.code;
    if (said == errc::none) {
      state().latency.record(outcome->tried.took);
      if (outcome->reply.first_token.count() > 0)
        state().first_token.record(outcome->reply.first_token);
    }
    if (said != errc::cancelled)
      state().last_outcome.store(said);
    state().attempts.fetch_add(1);
    if (said != errc::cancelled && said != errc::none)
      state().failures.fetch_add(1);
  } else {
    std::erase(waiting_, number);
  }
  ended.done.deliver(std::move(outcome));
  start_waiting();
}

void provider_actor_state::start_waiting() {
  for (; !waiting_.empty(); waiting_.pop_front()) {
    const auto found = jobs_.find(waiting_.front());
    if (found == jobs_.end())
      continue;
    if (found->second.order->scope->ended()) {
      auto ended = std::move(found->second);
      jobs_.erase(found);
      ended.done.deliver(refused(*ended.order, not_wanted()));
      continue;
    }
    if (!places_.take(entry().max_concurrent))
      break;
    take_off(found->second);
  }
  show_load();
}

flight_outcome_ptr provider_actor_state::refused(const attempt_order& order, error why) const {
  auto outcome = std::make_shared<flight_outcome>();
  outcome->tried.provider = entry().provider->name();
  outcome->tried.model = order.model;
  outcome->tried.key = order.key_number;
  outcome->tried.outcome = why.code;
  outcome->tried.reason = why.message;
  outcome->why = std::move(why);
  return outcome;
}

} // namespace flipsync
