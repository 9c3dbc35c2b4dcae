#include "runtime/core/model/provider_actor.hpp"

#include <algorithm>

#include "runtime/core/model/flight.hpp"

namespace flipsync {

namespace {

template <class T>
void take(std::optional<T>& mine, const std::optional<T>& given) {
  if (!mine)
    mine = given;
}

/// Takes from `defaults` what `own` leaves open of an answer's length and style.
void lay_style_under(model_tuning& own, const model_tuning& defaults) {
  take(own.temperature, defaults.temperature);
  take(own.max_tokens, defaults.max_tokens);
  take(own.top_p, defaults.top_p);
  take(own.top_k, defaults.top_k);
  if (own.stop.empty())
    own.stop = defaults.stop;
}

/// The same, of how a local server runs the model.
void lay_machine_under(model_tuning& own, const model_tuning& defaults) {
  take(own.num_ctx, defaults.num_ctx);
  take(own.num_batch, defaults.num_batch);
  take(own.num_gpu, defaults.num_gpu);
  take(own.num_thread, defaults.num_thread);
  if (own.keep_alive.empty())
    own.keep_alive = defaults.keep_alive;
}

/// What the agent leaves open is filled in from the configuration. Tiers belong to the primary; the
/// others answer with their own default model.
void fill_in(model_request& request, const model_call& call, const model_routing& routing,
             const model_provider& provider) {
  lay_machine_under(request.tuning, routing.tuning);
  if (!call.direct) // a caller who asks a model itself gets what that model does by itself
    lay_style_under(request.tuning, routing.tuning);
  if (request.model.empty() && provider.name() == routing.provider)
    for (const auto& [tier, model] : routing.tier_models)
      if (tier == call.tier)
        request.model = model;
  if (request.model.empty())
    request.model = provider.default_model();
}

} // namespace

provider_actor_state::provider_actor_state(provider_actor::pointer self,
                                           provider_actor_config config)
  : self_{self},
    config_{std::move(config)} {}

provider_actor_state::~provider_actor_state() {
  for (auto& [number, waiting] : jobs_) {
    waiting.call->scope->unlisten(waiting.listener);
    if (waiting.running)
      waiting.running->cancel();
  }
}

const provider_entry& provider_actor_state::entry() const {
  return config_.env->providers[config_.index];
}

provider_actor::behavior_type provider_actor_state::make_behavior() {
  return {
    [this](generate_atom, const model_call_ptr& call) -> caf::result<flight_outcome_ptr> {
      if (call->scope->ended())
        return refused(*call, error{errc::cancelled, "nobody waits for this call any more"});
      if (running_ >= entry().max_concurrent && waiting_.size() >= entry().max_waiting)
        return refused(*call, error{errc::overloaded, "provider '" + entry().provider->name()
                                                        + "' has " + std::to_string(waiting_.size())
                                                        + " calls waiting"}
                                .with("provider", entry().provider->name()));
      const auto number = ++last_number_;
      auto& added = jobs_[number];
      added.number = number;
      added.call = call;
      added.done = self_->make_response_promise<flight_outcome_ptr>();
      auto done = added.done;
      // A waiting job ends with its turn too. By address, so that the guard keeps no actor alive.
      added.listener = call->scope->listen([weak = caf::weak_actor_ptr{self_->ctrl()}, number] {
        if (const auto strong = weak.lock())
          caf_compat::anon_send(caf::actor_cast<provider_actor>(strong), ended_atom_v, number);
      });
      if (running_ < entry().max_concurrent)
        take_off(added);
      else
        waiting_.push_back(number);
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
        settle(number, refused(*found->second.call,
                               error{errc::cancelled, "nobody waits for this call any more"}));
      return caf::unit;
    },
  };
}

void provider_actor_state::take_off(job& next) {
  ++running_;
  const auto& env = *config_.env;
  const auto& provider = *entry().provider;
  auto request = next.call->request;
  fill_in(request, *next.call, env.models, provider);
  const auto limit =
    entry().attempt_timeout.count() > 0 ? entry().attempt_timeout : env.settings.attempt_timeout;
  request.timeout = std::min(limit, next.call->turn->guard->remaining());
  next.running = std::make_shared<flight>(provider_actor{self_}, next.number, next.call,
                                          provider.name(), env.clock, env.settings.max_reply_bytes);
  // The turn's end closes the socket from its own thread, not by way of this mailbox.
  const auto old = next.listener;
  next.listener = next.call->scope->listen([weak = std::weak_ptr<flight>{next.running}] {
    if (const auto running = weak.lock())
      running->cancel();
  });
  next.call->scope->unlisten(old);
  next.running->start(*entry().provider, request);
}

void provider_actor_state::settle(std::uint64_t number, flight_outcome_ptr outcome) {
  const auto found = jobs_.find(number);
  if (found == jobs_.end())
    return;
  auto ended = std::move(found->second);
  jobs_.erase(found);
  ended.call->scope->unlisten(ended.listener);
  if (ended.running) {
    --running_;
    config_.env->metrics->attempt_ended(outcome->tried);
    if (outcome->why.code == errc::cancelled)
      config_.env->metrics->call_cancelled(entry().provider->name());
    auto& state = *config_.env->provider_state[config_.index];
    if (outcome->why.code == errc::none)
      state.latency.record(outcome->tried.took);
    if (outcome->why.code != errc::cancelled)
      state.last_outcome.store(outcome->why.code);
  } else {
    std::erase(waiting_, number);
  }
  ended.done.deliver(std::move(outcome));
  start_waiting();
}

void provider_actor_state::start_waiting() {
  while (running_ < entry().max_concurrent && !waiting_.empty()) {
    const auto number = waiting_.front();
    waiting_.pop_front();
    const auto found = jobs_.find(number);
    if (found == jobs_.end())
      continue;
    if (found->second.call->scope->ended()) {
      auto ended = std::move(found->second);
      jobs_.erase(found);
      ended.done.deliver(
        refused(*ended.call, error{errc::cancelled, "nobody waits for this call any more"}));
      continue;
    }
    take_off(found->second);
  }
}

flight_outcome_ptr provider_actor_state::refused(const model_call& call, error why) const {
  auto outcome = std::make_shared<flight_outcome>();
  outcome->tried.provider = entry().provider->name();
  outcome->tried.model = call.request.model;
  outcome->tried.outcome = why.code;
  outcome->tried.reason = why.message;
  outcome->why = std::move(why);
  return outcome;
}

} // namespace flipsync
