/// Those who wait for the gateway's calls: what answers them, and whom they share a call with.

#include <algorithm>

#include "runtime/core/cache/answer_key.hpp"
#include "runtime/core/model/attempt_cost.hpp"
#include "runtime/core/model/gateway_actor.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

/// What the second cache says of one call.
struct second_look {
  std::mutex mutex;
  bool over = false;
  bool awaited = false; ///< the gateway is to be told
  answer_cache::found_answer found;
  mono_time until{};
};

namespace {

/// True where the prompt goes on from earlier messages.
bool is_led_to(const model_request& request) {
  return std::any_of(request.messages.begin(), request.messages.end(),
                     [](const chat_message& m) { return m.role == chat_role::assistant; });
}

std::shared_ptr<model_outcome> outcome_of(const answer_cache::found_answer& found,
                                          const answer_label& label) {
  const auto& answer = *found.answer;
  auto outcome = std::make_shared<model_outcome>();
  outcome->reply.text = answer.text;
  outcome->reply.model = outcome->kept_of_model = answer.model;
  outcome->reply.finish_reason = answer.finish_reason;
  outcome->provider = label.provider;
  outcome->saved = answer.cost;
  outcome->saved_tokens = answer.tokens;
  outcome->cached = true;
  outcome->good_for = found.left;
  return outcome;
}

/// Equal calls are those of one key along one chain: who asks for one provider alone does not get
/// another one's answer.
std::string sharing_name(const answer_place& place, const std::vector<chain_route>& routes) {
  std::string name{reinterpret_cast<const char*>(place.key.bytes.data()), place.key.bytes.size()};
  for (const auto& route : routes) {
    name += std::to_string(route.provider);
    name += ':';
    name += route.model;
    name += '\0';
  }
  return name;
}

} // namespace

caf::result<model_outcome_ptr> gateway_state::take_in(const model_call_ptr& call) {
  caller who;
  who.number = ++last_number_;
  who.call = call;
  who.done = self_->make_response_promise<model_outcome_ptr>();
  auto done = who.done;
  enter(std::move(who));
  return done;
}

void gateway_state::enter(caller who) {
  const auto call = who.call;
  auto walk = walk_of(*call);
  auto place = walk.routes().empty() ? std::nullopt : place_of(*call, walk.routes().front());
  std::string shared_as;
  if (place) {
    if (const auto found = config_.env->answers->find(*place); found.answer) {
      if (call->stream_to_caller)
        call->turn->guard->offer(token_of(found.answer->text));
      auto outcome = outcome_of(found, place->label);
      outcome->why_model = walk.why();
      return deliver(who, std::move(outcome));
    }
    shared_as = sharing_name(*place, walk.routes());
    if (join(shared_as, who))
      return;
  }
  begin(std::move(who), std::move(walk), std::move(place), std::move(shared_as));
}

std::optional<answer_place> gateway_state::place_of(const model_call& call,
                                                    const chain_route& route) const {
  const auto& env = *config_.env;
  if (!env.answers->settings().answers)
    return std::nullopt;
  const auto& entry = env.providers[route.provider];
  // What a provider composes from the facts alone costs nothing, and is made anew.
  if (entry.provider->capabilities().facts_only)
    return std::nullopt;
  const auto tuning = tuning_for(call, env.models, route.fast);
  const auto& turn = call.turn->request;
  if (!env.answers->why_alone(call.request, tuning, turn.cache).empty())
    return std::nullopt;
  const bool direct = call.direct != nullptr;
  answer_place place;
  place.label.provider = entry.provider->name();
  place.label.what =
    direct ? answer_class::model : class_of_part(call.part, turn.agent, is_led_to(call.request));
  place.key =
    key_of(answer_question{.tenant = turn.tenant,
                           .provider = place.label.provider,
                           .identity = entry.identity,
                           .model = route.model,
                           .locale = turn.locale,
                           .catalogue = direct || !env.store ? 0 : env.store->catalogue_version(),
                           .request = call.request,
                           .tuning = tuning});
  return place;
}

bool gateway_state::join(const std::string& shared_as, caller& who) {
  const auto found = shared_.find(shared_as);
  if (found == shared_.end())
    return false;
  auto& current = calls_.at(found->second);
  if (!current.audience->join(who.number, who.call))
    return false;
  call_of_.emplace(who.number, found->second);
  if (who.call->stream_to_caller)
    who.bell = progress_bell::start(config_.env, who.call->turn->guard,
                                    current.walk.routes()[awaited(current)].provider);
  current.callers.push_back(std::move(who));
  listen(current, current.callers.back());
  return true;
}

void gateway_state::begin(caller who, call_walk walk, std::optional<answer_place> place,
                          std::string shared_as) {
  const auto number = who.number;
  const auto call = who.call;
  auto& added = calls_.try_emplace(number, call, std::move(walk)).first->second;
  const auto& routes = added.walk.routes();
  if (place) {
    added.audience = std::make_shared<call_audience>();
    added.audience->join(number, call);
    added.number = number;
    added.place = std::move(*place);
    added.shared_as = std::move(shared_as);
    shared_.insert_or_assign(added.shared_as, number);
    call_of_.emplace(number, number);
  }
  if (call->stream_to_caller && !routes.empty())
    who.bell = progress_bell::start(config_.env, call->turn->guard, routes.front().provider);
  if (config_.env->settings.conduct.hedge_after.count() > 0 && routes.size() > 1)
    added.gate = std::make_shared<token_gate>();
  added.callers.push_back(std::move(who));
  listen(added, added.callers.back());
  if (added.audience)
    look_further(number, added);
  go_on(number);
}

void gateway_state::listen(running_call& to, caller& who) {
  who.listener = who.call->scope->listen(
    [weak = caf::weak_actor_ptr{self_->ctrl()}, number = who.number, audience = to.audience] {
      // The last one's leaving closes the provider's socket from here, not by way of the mailbox.
      if (audience)
        audience->leave(number);
      if (const auto strong = weak.lock())
        caf_compat::anon_send(caf::actor_cast<gateway_actor>(strong), ended_atom_v, number);
    });
}

void gateway_state::look_further(std::uint64_t number, running_call& current) {
  auto& answers = *config_.env->answers;
  if (!answers.has_second())
    return answers.missed(current.place.label);
  auto look = std::make_shared<second_look>();
  look->until = config_.env->clock->now() + answers.settings().second_timeout;
  current.look = look;
  current.pause = wake_later(number, look->until, false);
  answers.find_second(current.place, [look, number, weak = caf::weak_actor_ptr{self_->ctrl()}](
                                       answer_cache::found_answer found) {
    {
      const std::lock_guard lock{look->mutex};
      look->over = true;
      look->found = std::move(found);
      if (!look->awaited)
        return;
    }
    if (const auto strong = weak.lock())
      caf_compat::anon_send(caf::actor_cast<gateway_actor>(strong), retry_atom_v, number);
  });
}

bool gateway_state::looked_up(std::uint64_t number, running_call& current) {
  if (!current.look)
    return false;
  answer_cache::found_answer found;
  {
    const std::lock_guard lock{current.look->mutex};
    current.look->awaited = !current.look->over && config_.env->clock->now() < current.look->until;
    if (current.look->awaited)
      return true;
    found = current.look->found;
  }
  current.look.reset();
  config_.env->alarms->take_back(current.pause);
  if (found.answer) {
    answer_kept(number, found);
    return true;
  }
  config_.env->answers->missed(current.place.label);
  return false;
}

void gateway_state::answer_kept(std::uint64_t number, const answer_cache::found_answer& found) {
  auto node = calls_.extract(number);
  auto& ended = node.mapped();
  auto outcome = outcome_of(found, ended.place.label);
  outcome->why_model = ended.walk.why();
  deliver_all(ended, std::move(outcome));
}

void gateway_state::left(std::uint64_t number) {
  const error why{errc::cancelled, "nobody waits for this call any more"};
  const auto shared = call_of_.find(number);
  if (shared == call_of_.end())
    return finish(number, why, nullptr);
  const auto call = shared->second;
  auto& current = calls_.at(call);
  if (current.callers.size() == 1)
    return finish(call, why, nullptr);
  call_of_.erase(shared);
  const auto found = std::find_if(current.callers.begin(), current.callers.end(),
                                  [number](const caller& one) { return one.number == number; });
  const bool paid = found == current.callers.begin();
  auto gone = std::move(*found);
  current.callers.erase(found);
  auto outcome = std::make_shared<model_outcome>();
  outcome->why = why;
  outcome->why_model = current.walk.why();
  outcome->attempts = current.attempts;
  if (paid) {
    outcome->wasted = std::exchange(current.wasted, {});
    pass_on_bill(current);
  }
  deliver(gone, std::move(outcome));
}

void gateway_state::pass_on_bill(running_call& current) {
  current.call = current.callers.front().call;
  for (const auto& running : current.running)
    if (running.cost)
      running.cost->charge_to(*current.call);
}

void gateway_state::deliver(caller& who, model_outcome_ptr outcome) {
  who.call->scope->unlisten(who.listener);
  if (who.bell)
    who.bell->stop();
  if (who.call->direct)
    who.call->direct->on_outcome(*outcome);
  who.done.deliver(std::move(outcome));
}

void gateway_state::deliver_all(running_call& ended, std::shared_ptr<model_outcome> outcome) {
  if (!ended.audience)
    return deliver(ended.callers.front(), std::move(outcome));
  const auto known = shared_.find(ended.shared_as);
  if (known != shared_.end() && known->second == ended.number)
    shared_.erase(known);
  for (const auto& who : ended.callers)
    call_of_.erase(who.number);
  if (outcome->why.code == errc::over_budget && ended.callers.size() > 1)
    return begin_anew(ended, std::move(outcome));
  if (outcome->why.code == errc::none && !outcome->cached)
    keep(ended, *outcome);
  ended.audience->close(outcome->why.code == errc::none ? outcome->reply.text : std::string{});
  // What was spent was spent once.
  std::shared_ptr<model_outcome> free_of_charge;
  if (ended.callers.size() > 1) {
    free_of_charge = std::make_shared<model_outcome>(*outcome);
    free_of_charge->saved_tokens = std::exchange(free_of_charge->reply.tokens, {});
    free_of_charge->saved = free_of_charge->cost;
    free_of_charge->cost = {};
    free_of_charge->wasted = {};
    free_of_charge->why_model += "; an equal call was under way and is shared";
  }
  deliver(ended.callers.front(), std::move(outcome));
  for (auto who = ended.callers.begin() + 1; who != ended.callers.end(); ++who)
    deliver(*who, free_of_charge);
}

void gateway_state::begin_anew(running_call& refused, const model_outcome_ptr& outcome) {
  refused.audience->close({});
  for (auto& who : refused.callers) {
    if (who.call == refused.call) {
      deliver(who, outcome);
      continue;
    }
    who.call->scope->unlisten(who.listener);
    if (who.bell)
      who.bell->stop();
    who.bell = nullptr;
    who.number = ++last_number_;
    enter(std::move(who));
  }
}

bool gateway_state::fell_to_usual_model(const running_call& ended) {
  return ended.answered == 1 && ended.walk.routes()[1].after_fast;
}

void gateway_state::keep(const running_call& ended, model_outcome& outcome) {
  auto& answers = *config_.env->answers;
  kept_answer answer;
  answer.text = outcome.reply.text;
  answer.model = outcome.attempts.back().model;
  answer.finish_reason = outcome.reply.finish_reason;
  answer.tokens = outcome.reply.tokens;
  answer.cost = outcome.cost;
  answer.took = outcome.attempts.back().took;
  for (std::size_t i = 1; i < ended.callers.size(); ++i)
    answers.shared(ended.place.label, answer);
  if (!may_be_kept(outcome.reply))
    return;
  // A fallback's answer is kept as the fallback's; what the fast model could not tell whole, as
  // its own, so that it is not tried again.
  const bool own = ended.answered == 0 || fell_to_usual_model(ended);
  auto place =
    own ? std::optional{ended.place} : place_of(*ended.call, ended.walk.routes()[ended.answered]);
  if (!place)
    return;
  outcome.good_for = answers.settings().lifetimes.of(place->label.what);
  answers.keep(*place, std::move(answer));
}

} // namespace flipsync
