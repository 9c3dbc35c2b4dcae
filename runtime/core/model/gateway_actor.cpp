#include "runtime/core/model/gateway_actor.hpp"

#include <algorithm>

#include "runtime/core/caf_error.hpp"
#include "runtime/core/model/attempt_cost.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

namespace {

constexpr std::size_t most_silent = 4096;

error not_wanted() { return error{errc::cancelled, "nobody waits for this call any more"}; }

error not_configured(const std::string& name) {
  return error{errc::provider_unavailable, "provider '" + name + "' is not configured"}.with(
    "provider", name);
}

template <class Call>
const std::shared_ptr<cancel_scope>& scope_of(const Call& call) {
  return call.audience ? call.audience->scope() : call.call->scope;
}

template <class Call>
mono_time deadline_of(const Call& call) {
  return call.audience ? call.audience->deadline() : call.call->turn->guard->deadline();
}

/// Voids what was streamed so far.
turn_event void_of(const error& why) {
  turn_event event;
  event.type = event_type::restarted;
  event.text = why.message;
  return event;
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
  if (scope_of(current)->ended())
    return finish(number, not_wanted(), nullptr);
  if (looked_up(number, current))
    return;
  const auto now = config_.env->clock->now();
  const auto deadline = deadline_of(current);
  if (now >= deadline && current.last_error.code == errc::none)
    return finish(number, error{errc::deadline_exceeded, "the turn's time is over"}, nullptr);
  const auto step = current.walk.next(now, deadline);
  if (step.what != call_walk::step::kind::give_up && std::exchange(current.tokens_sent, false)) {
    // Before the next attempt begins, since its tokens come from another thread.
    tell(current, void_of(current.last_error));
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
  order->scope = current.gate ? cancel_scope::under(scope_of(current)) : scope_of(current);
  order->gate = current.gate;
  order->audience = current.audience;
  order->key_number = key_number(current, route);
  order->elsewhere =
    current.walk.routes().size() > 1 && current.walk.has_other(route, now, deadline_of(current));
  order->cost = *std::move(cost);
  current.running.push_back({order->number, route, now, order->scope, order->cost});
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
                                        deadline_of(current));
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
  if (fault_of(outcome.why) == fault::outgrown)
    current.cut = {outcome, which.route};
  if (!current.running.empty())
    return; // the other one may still answer
  if (current.gate)
    current.gate->reopen();
  current.last_error = outcome.why;
  go_on(number);
}

void gateway_state::give_cut_answer(std::uint64_t number) {
  auto& current = calls_.at(number);
  const auto cut = *std::exchange(current.cut, std::nullopt);
  const bool stands = current.answered == cut.route && current.tokens_sent;
  if (current.call->stream_to_caller && !stands) {
    if (current.tokens_sent)
      tell(current, void_of(current.last_error));
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
