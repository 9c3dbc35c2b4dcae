#include "runtime/core/model/gateway_actor.hpp"

#include <algorithm>

#include "runtime/core/caf_error.hpp"
#include "runtime/core/model/retry_policy.hpp"

namespace flipsync {

namespace {

using std::chrono::milliseconds;

error no_provider(const std::string& name) {
  if (name.empty())
    return error{errc::provider_unavailable, "no model provider is configured"};
  return error{errc::provider_unavailable, "provider '" + name + "' is not configured"}.with(
    "provider", name);
}

} // namespace

gateway_state::gateway_state(gateway_actor::pointer self, gateway_config config)
  : self_{self},
    config_{std::move(config)} {}

gateway_state::~gateway_state() {
  for (auto& [number, call] : calls_) {
    call.call->scope->unlisten(call.listener);
    config_.env->alarms->take_back(call.backoff);
    if (call.bell)
      call.bell->stop();
    if (call.call->direct) {
      model_outcome lost;
      lost.why = error{errc::agent_down, "the model gateway went down"};
      lost.attempts = std::move(call.attempts);
      call.call->direct->on_outcome(lost);
    }
  }
}

gateway_actor::behavior_type gateway_state::make_behavior() {
  return {
    [this](generate_atom, const model_call_ptr& call) -> caf::result<model_outcome_ptr> {
      const auto number = ++last_number_;
      auto& added = calls_[number];
      added.call = call;
      added.chain = chain_of(*call);
      added.done = self_->make_response_promise<model_outcome_ptr>();
      auto done = added.done;
      added.listener = call->scope->listen([weak = caf::weak_actor_ptr{self_->ctrl()}, number] {
        if (const auto strong = weak.lock())
          caf_compat::anon_send(caf::actor_cast<gateway_actor>(strong), ended_atom_v, number);
      });
      if (call->stream_to_caller && !added.chain.empty())
        added.bell = progress_bell::start(config_.env, call->turn->guard, added.chain.front());
      begin_attempt(number);
      return done;
    },
    [this](retry_atom, std::uint64_t number) -> caf::result<void> {
      begin_attempt(number);
      return caf::unit;
    },
    [this](ended_atom, std::uint64_t number) -> caf::result<void> {
      finish(number, error{errc::cancelled, "nobody waits for this call any more"}, nullptr);
      return caf::unit;
    },
  };
}

std::vector<std::size_t> gateway_state::chain_of(const model_call& call) const {
  const auto& env = *config_.env;
  std::vector<std::size_t> chain;
  const auto add = [&](const std::string& name) {
    for (std::size_t i = 0; i < env.providers.size(); ++i)
      if (env.providers[i].provider->name() == name
          && std::find(chain.begin(), chain.end(), i) == chain.end())
        chain.push_back(i);
  };
  add(call.provider.empty() ? env.models.provider : call.provider);
  // A call that names its provider meant that one: nobody else answers in its place.
  if (call.provider.empty())
    for (const auto& name : env.models.fallbacks)
      add(name);
  return chain;
}

void gateway_state::begin_attempt(std::uint64_t number) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& current = found->second;
  if (current.chain.empty())
    return finish(number,
                  no_provider(current.call->provider.empty() ? config_.env->models.provider
                                                             : current.call->provider),
                  nullptr);
  if (current.call->scope->ended())
    return finish(number, error{errc::cancelled, "nobody waits for this call any more"}, nullptr);
  const auto index = current.chain[current.at];
  ++current.attempts_here;
  auto call = current.call;
  // A model name belongs to the primary; a fallback answers with its own default.
  if (current.at > 0 && !call->request.model.empty()) {
    auto elsewhere = std::make_shared<model_call>(*call);
    elsewhere->request.model.clear();
    call = std::move(elsewhere);
  }
  const auto& peer = call->turn->at_hand->providers[index];
  const auto died = [this, number, index](const caf::error& why) {
    flight_outcome outcome;
    outcome.why = from_caf(why);
    outcome.tried.provider = config_.env->providers[index].provider->name();
    outcome.tried.outcome = outcome.why.code;
    outcome.tried.reason = outcome.why.message;
    attempt_ended(number, outcome);
  };
  if (!peer)
    return died(to_caf(error{errc::agent_down, "the provider's actor is down"}));
  caf_compat::ask(self_, peer, generate_atom_v, call)
    .then([this, number](const flight_outcome_ptr& outcome) { attempt_ended(number, *outcome); },
          died);
}

void gateway_state::attempt_ended(std::uint64_t number, const flight_outcome& outcome) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& current = found->second;
  current.attempts.push_back(outcome.tried);
  current.tokens_sent = current.tokens_sent || outcome.tokens_sent;
  if (outcome.why.code == errc::none)
    return finish(number, {}, &outcome.reply);
  const auto& guard = *current.call->turn->guard;
  const auto decision =
    decide(config_.env->settings,
           {outcome.why, current.attempts_here, current.at + 1 < current.chain.size(),
            guard.remaining(), config_.env->random->next()});
  if (decision.step == next_step::give_up)
    return finish(number, outcome.why, nullptr);
  if (current.tokens_sent) {
    turn_event event;
    event.type = event_type::restarted;
    event.text = outcome.why.message;
    current.call->turn->guard->offer(std::move(event));
    current.tokens_sent = false;
  }
  if (decision.step == next_step::retry_same)
    return wait_then_retry(number, decision.wait);
  ++current.at;
  current.attempts_here = 0;
  begin_attempt(number);
}

void gateway_state::wait_then_retry(std::uint64_t number, milliseconds wait) {
  if (wait.count() <= 0)
    return begin_attempt(number);
  calls_[number].backoff = config_.env->alarms->set(
    config_.env->clock->now() + wait, [weak = caf::weak_actor_ptr{self_->ctrl()}, number] {
      if (const auto strong = weak.lock())
        caf_compat::anon_send(caf::actor_cast<gateway_actor>(strong), retry_atom_v, number);
    });
}

void gateway_state::finish(std::uint64_t number, error why, const model_reply* reply) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto ended = std::move(found->second);
  calls_.erase(found);
  ended.call->scope->unlisten(ended.listener);
  config_.env->alarms->take_back(ended.backoff);
  if (ended.bell)
    ended.bell->stop();
  auto outcome = std::make_shared<model_outcome>();
  if (!ended.attempts.empty())
    outcome->provider = ended.attempts.back().provider;
  outcome->attempts = std::move(ended.attempts);
  if (reply != nullptr)
    outcome->reply = *reply;
  outcome->why = std::move(why);
  if (ended.call->direct)
    ended.call->direct->on_outcome(*outcome);
  ended.done.deliver(model_outcome_ptr{std::move(outcome)});
}

} // namespace flipsync
