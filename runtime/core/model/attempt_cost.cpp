#include "runtime/core/model/attempt_cost.hpp"

#include <algorithm>
#include <limits>

#include "runtime/core/model/chain_plan.hpp"
#include "runtime/core/model/request_defaults.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

token_usage charged_tokens(const attempt_usage& used, std::uint32_t prompt_tokens) noexcept {
  auto out = used.reported;
  if (!used.answered && used.answer_bytes == 0)
    return out;
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  const auto seen = (used.answer_bytes + bytes_per_token - 1) / bytes_per_token;
  if (out.in == 0)
    out.in = prompt_tokens;
  // A stream that was cut has reported what it had made by then at best.
  if (out.out == 0 || !used.answered)
    out.out = std::max(out.out, static_cast<std::uint32_t>(std::min(seen, most)));
  return out;
}

usd attempt_cost::settle(const attempt_usage& used) {
  const auto tokens = charged_tokens(used, prompt_tokens_);
  const auto cost = cost_of(*price_, tokens);
  cost_.store(cost.nanos);
  hold_->settle({cost, used.answered, tokens.in, tokens.out});
  return cost;
}

void attempt_cost::charge_to(const model_call& call) {
  hold_->move_to(call.turn->guard->conversation_id(), call.turn->account);
}

result<std::shared_ptr<attempt_cost>>
reserve_attempt(const environment& env, const model_call& call, const chain_route& route) {
  const auto& entry = env.providers[route.provider];
  const auto& model = route.model;
  const auto& name = entry.provider->name();
  const auto charged = charge_for(*env.prices, entry.unknown, name, model);
  if (charged.refused)
    return error{errc::over_budget, "no price is known of the model '" + model
                                      + "', and "
                                        "costs.unknown_model refuses such models"}
      .with("limit", "unknown_model")
      .with("provider", name)
      .with("model", model);
  if (charged.price == nullptr)
    return std::shared_ptr<attempt_cost>{};
  model_request asked;
  asked.model = model;
  asked.tuning = tuning_for(call, env.models, route.fast);
  token_usage most;
  most.in = most_prompt_tokens(call.request);
  most.out =
    entry.provider->most_answer_tokens(asked).value_or(env.settings.costs.unlimited_answer);
  const auto& turn = *call.turn;
  auto held = env.ledger->reserve(
    {turn.request.tenant, turn.guard->conversation_id(), turn.account, name, model},
    cost_of(*charged.price, most));
  if (!held)
    return std::move(held).error().with("provider", name).with("model", model);
  return std::make_shared<attempt_cost>(*std::move(held), env.prices, *charged.price,
                                        prompt_tokens(call.request));
}

} // namespace flipsync
