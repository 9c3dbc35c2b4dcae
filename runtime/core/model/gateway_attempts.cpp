/// The attempts of the gateway's calls: how one begins, and what its end means for its call.

#include <algorithm>

#include "runtime/core/caf_error.hpp"
#include "runtime/core/model/attempt_cost.hpp"
#include "runtime/core/model/gateway_actor.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

namespace {

constexpr std::size_t most_silent = 4096;

bool says_something(const model_reply& reply) noexcept {
  return !reply.text.empty() || !reply.tool_calls.empty();
}

} // namespace

bool gateway_state::start_attempt(std::uint64_t number, std::size_t route) {
  const auto& env = *config_.env;
  auto& current = calls_.at(number);
  const auto now = env.clock->now();
  const auto& to = current.walk.routes()[route];
  auto cost = reserve_attempt(env, *current.call, to);
  if (!cost) {
    current.walk.too_dear(route, now);
    current.last_error = cost.error();
    return false;
  }
  auto order = std::make_shared<attempt_order>();
  order->call = current.call;
  order->number = ++last_attempt_;
  order->model = to.model;
  order->fast = to.fast;
  if (to.fast)
    order->fast_limit = limit_of_fast_alone(*current.call, env.models);
  order->scope = current.gate ? cancel_scope::under(current.scope()) : current.scope();
  order->gate = current.gate;
  order->audience = current.audience;
  order->key_number = key_number(current, route);
  order->elsewhere =
    current.walk.routes().size() > 1 && current.walk.has_other(route, now, current.deadline());
  order->cost = *std::move(cost);
  current.running.push_back({order->number, route, now, order->scope, order->cost});
  show_awaited(current);
  if (current.gate && !current.hedged)
    current.hedge = wake_later(number, now + env.settings.conduct.hedge_after, true);
  const auto index = to.provider;
  const auto attempt = order->number;
  const auto died = [this, number, attempt, index, model = order->model,
                     key = order->key_number](const caf::error& why) {
    flight_outcome outcome;
    outcome.why = from_caf(why);
    outcome.tried.provider = config_.env->providers[index].provider->name();
    outcome.tried.model = model;
    outcome.tried.key = key;
    outcome.tried.outcome = outcome.why.code;
    outcome.tried.reason = outcome.why.message;
    attempt_ended(number, attempt, outcome);
  };
  const auto& peer = current.call->turn->at_hand->providers[index];
  if (!peer) {
    died(to_caf(error{errc::agent_down, "the provider's actor is down"}));
    return true;
  }
  caf_compat::ask(self_, peer, generate_atom_v, attempt_order_ptr{std::move(order)})
    .then([this, number, attempt](
            const flight_outcome_ptr& outcome) { attempt_ended(number, attempt, *outcome); },
          died);
  return true;
}

void gateway_state::start_hedge(std::uint64_t number) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& current = found->second;
  // Who has begun to speak needs no second.
  if (current.running.size() != 1 || current.hedged || current.gate->claimed())
    return;
  const auto route = current.walk.hedge(current.running.front().route, config_.env->clock->now(),
                                        current.deadline());
  if (!route)
    return;
  // One that is too dear is no reason against the one that runs.
  const auto why = current.last_error;
  current.hedged = true;
  if (!start_attempt(number, *route))
    current.last_error = why;
}

void gateway_state::attempt_ended(std::uint64_t number, std::uint64_t attempt,
                                  const flight_outcome& outcome) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& current = found->second;
  const auto ended =
    std::find_if(current.running.begin(), current.running.end(),
                 [attempt](const running_attempt& one) { return one.number == attempt; });
  if (ended == current.running.end())
    return;
  const auto which = *ended;
  current.running.erase(ended);
  note_end(current, which, outcome);
  if (outcome.why.code == errc::none)
    return finish(number, {}, &outcome.reply);
  const auto what = fault_of(outcome.why);
  if (what == fault::outgrown && says_something(outcome.reply))
    current.cut = {outcome, which.route};
  if (what != fault::outrun) // it says nothing about why there is no answer
    current.last_error = outcome.why;
  const bool spoke = current.gate && current.gate->held_by(attempt);
  if (spoke && !current.running.empty()) {
    // The other one may speak now, and before it does, what was said is void.
    void_all(current);
    current.tokens_sent = false;
  }
  if (spoke)
    current.gate->reopen();
  if (current.running.empty())
    return go_on(number);
  show_awaited(current);
}

std::size_t gateway_state::awaited(const running_call& of) {
  return of.running.empty() ? of.answered : of.running.front().route;
}

void gateway_state::show_awaited(const running_call& of) {
  const auto provider = of.walk.routes()[awaited(of)].provider;
  for (const auto& who : of.callers)
    if (who.bell)
      who.bell->turn_to(provider);
}

void gateway_state::give_cut_answer(std::uint64_t number) {
  auto& current = calls_.at(number);
  const auto cut = *std::exchange(current.cut, std::nullopt);
  const bool stands = current.answered == cut.route && current.tokens_sent;
  if (current.call->stream_to_caller && !stands) {
    if (current.tokens_sent)
      void_all(current);
    tell(current, token_of(cut.outcome.reply.text));
  }
  auto answered = cut.outcome.tried;
  answered.outcome = errc::none;
  answered.reason.clear();
  std::erase(current.attempts, cut.outcome.tried);
  current.provider = answered.provider;
  current.attempts.push_back(std::move(answered));
  current.answered = cut.route;
  finish(number, {}, &cut.outcome.reply);
}

void gateway_state::note_end(running_call& call, const running_attempt& ended,
                             const flight_outcome& outcome) {
  const auto& env = *config_.env;
  const auto& tokens = outcome.reply.tokens;
  const bool silent = call.walk.ended(ended.route, ended.began, env.clock->now(), outcome.why,
                                      tokens.in + tokens.out, env.random->next());
  if (silent)
    remember_silent(call.call->turn->number, call.walk.routes()[ended.route].provider);
  (outcome.why.code == errc::none ? call.cost : call.wasted) += outcome.cost;
  call.attempts.push_back(outcome.tried);
  call.provider = outcome.tried.provider;
  call.answered = ended.route;
  call.tokens_sent = call.tokens_sent || outcome.tokens_sent;
}

void gateway_state::remember_silent(std::uint64_t turn, std::size_t provider) {
  silent_.emplace(turn, provider);
  if (silent_.size() > most_silent)
    silent_.erase(silent_.begin());
}

} // namespace flipsync
