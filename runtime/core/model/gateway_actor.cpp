#include "runtime/core/model/gateway_actor.hpp"

#include <algorithm>

#include "runtime/core/model/attempt_cost.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

namespace {

error not_configured(const std::string& name) {
  return error{errc::provider_unavailable, "provider '" + name + "' is not configured"}.with(
    "provider", name);
}

} // namespace

gateway_state::gateway_state(gateway_actor::pointer self, gateway_config config)
  : self_{self},
    config_{std::move(config)} {}

gateway_state::~gateway_state() {
  for (auto& [number, call] : calls_) {
    config_.env->alarms->take_back(call.pause);
    config_.env->alarms->take_back(call.hedge);
    if (call.audience)
      call.audience->close({});
    model_outcome lost;
    lost.why = error{errc::agent_down, "the model gateway went down"};
    lost.attempts = std::move(call.attempts);
    for (auto& who : call.callers) {
      who.call->scope->unlisten(who.listener);
      if (who.bell)
        who.bell->stop();
      if (who.call->direct)
        who.call->direct->on_outcome(lost);
    }
    // Nobody hears the attempts any more.
    if (call.audience)
      call.audience->scope()->cancel();
  }
}

gateway_actor::behavior_type gateway_state::make_behavior() {
  return {
    [this](generate_atom, const model_call_ptr& call) { return take_in(call); },
    [this](retry_atom, std::uint64_t number) -> caf::result<void> {
      // What was waited for may have been settled otherwise meanwhile.
      if (const auto found = calls_.find(number);
          found != calls_.end() && found->second.running.empty())
        go_on(number);
      return caf::unit;
    },
    [this](hedge_atom, std::uint64_t number) -> caf::result<void> {
      start_hedge(number);
      return caf::unit;
    },
    [this](ended_atom, std::uint64_t number) -> caf::result<void> {
      left(number);
      return caf::unit;
    },
  };
}

call_walk gateway_state::walk_of(const model_call& call) const {
  const auto& env = *config_.env;
  const auto& asked = call.turn->request;
  chain_question question{.request = call.request};
  question.provider = call.provider;
  question.tier = call.tier;
  question.message = asked.message;
  question.task = asked.task;
  question.prefer = asked.prefer;
  question.fast_answer = fast_answer_of(call, env.models);
  call_walk walk{plan_chain(question, env.models, env.providers), env,
                 estimated_tokens(call.request)};
  for (auto one = silent_.lower_bound({call.turn->number, 0});
       one != silent_.end() && one->first == call.turn->number; ++one)
    walk.leave_out_provider(one->second);
  return walk;
}

void gateway_state::go_on(std::uint64_t number) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& current = found->second;
  if (current.scope()->ended())
    return finish(number, not_wanted(), nullptr);
  if (looked_up(number, current))
    return;
  const auto now = config_.env->clock->now();
  const auto deadline = current.deadline();
  if (now >= deadline && current.last_error.code == errc::none)
    return finish(number, error{errc::deadline_exceeded, "the turn's time is over"}, nullptr);
  const auto step = current.walk.next(now, deadline);
  if (step.what != call_walk::step::kind::give_up && std::exchange(current.tokens_sent, false)) {
    // Before the next attempt begins, since its tokens come from another thread.
    void_all(current);
  }
  switch (step.what) {
  case call_walk::step::kind::start:
    // What is too dear leaves the way to what is not.
    return start_attempt(number, step.route) ? void() : go_on(number);
  case call_walk::step::kind::wait:
    current.pause = wake_later(number, step.at, false);
    return;
  case call_walk::step::kind::give_up:
    break;
  }
  if (current.cut)
    return give_cut_answer(number);
  if (current.last_error.code != errc::none)
    return finish(number, current.last_error, nullptr);
  const auto& named = current.call->provider;
  if (current.walk.routes().empty() && !named.empty())
    return finish(number, not_configured(named), nullptr);
  finish(number, current.walk.refusal(now), nullptr);
}

std::uint32_t gateway_state::key_number(const running_call& of, std::size_t route) const {
  const auto& to = of.walk.routes()[route];
  const bool several = config_.env->providers[to.provider].provider->keys() > 1;
  return several ? static_cast<std::uint32_t>(of.walk.key_of(route)) + 1 : 0;
}

void gateway_state::tell(const running_call& current, turn_event event) {
  if (current.audience)
    current.audience->offer(event);
  else
    current.call->turn->guard->offer(std::move(event));
}

void gateway_state::void_all(const running_call& current) {
  turn_event event;
  event.type = event_type::restarted;
  event.text = current.last_error.message;
  tell(current, std::move(event));
}

alarm_queue::ticket gateway_state::wake_later(std::uint64_t number, mono_time at, bool for_hedge) {
  return config_.env->alarms->set(at,
                                  [weak = caf::weak_actor_ptr{self_->ctrl()}, number, for_hedge] {
                                    const auto strong = weak.lock();
                                    if (!strong)
                                      return;
                                    const auto self = caf::actor_cast<gateway_actor>(strong);
                                    if (for_hedge)
                                      caf_compat::anon_send(self, hedge_atom_v, number);
                                    else
                                      caf_compat::anon_send(self, retry_atom_v, number);
                                  });
}

void gateway_state::finish(std::uint64_t number, error why, const model_reply* reply) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto node = calls_.extract(found);
  auto& ended = node.mapped();
  config_.env->alarms->take_back(ended.pause);
  config_.env->alarms->take_back(ended.hedge);
  const auto now = config_.env->clock->now();
  // Whoever still runs lost the race, or nobody waits any more.
  for (const auto& running : ended.running) {
    if (ended.gate)
      running.scope->cancel();
    const auto& route = ended.walk.routes()[running.route];
    attempt lost;
    lost.provider = config_.env->providers[route.provider].provider->name();
    lost.model = route.model;
    lost.key = key_number(ended, running.route);
    lost.took = std::chrono::duration_cast<std::chrono::microseconds>(now - running.began);
    lost.outcome = errc::cancelled;
    lost.reason = reply != nullptr ? "another provider answered first" : why.message;
    if (running.cost)
      ended.wasted += running.cost->cost();
    ended.walk.ended(running.route, running.began, now, error{errc::cancelled}, 0, 0);
    ended.attempts.insert(ended.attempts.end() - (reply != nullptr ? 1 : 0), std::move(lost));
  }
  auto outcome = std::make_shared<model_outcome>();
  outcome->provider = std::move(ended.provider);
  outcome->attempts = std::move(ended.attempts);
  outcome->why_model = ended.walk.why();
  outcome->cost = ended.cost;
  outcome->wasted = ended.wasted;
  if (reply != nullptr)
    outcome->reply = *reply;
  outcome->why = std::move(why);
  deliver_all(ended, std::move(outcome));
}

} // namespace flipsync
