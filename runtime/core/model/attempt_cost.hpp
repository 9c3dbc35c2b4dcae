#pragma once
/// What one attempt may cost, and what it has cost.

#include <atomic>
#include <memory>
#include <string>

#include "runtime/core/model/cost_ledger.hpp"
#include "runtime/core/model/model_request.hpp"
#include "runtime/core/model/price_list.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

struct chain_route;
struct environment;
struct model_call;

/// What an attempt left behind.
struct attempt_usage {
  token_usage reported;           ///< by the provider; zeros where it said nothing
  std::uint64_t answer_bytes = 0; ///< of the answer that have come
  bool answered = false;
};

/// The tokens that an attempt is charged: what the provider reported. Where it reported nothing, an
/// attempt that answered or has begun to answer is charged its prompt by estimate and a token for
/// each four bytes of its answer; one that has shown nothing is charged nothing. Pure.
token_usage charged_tokens(const attempt_usage& used, std::uint32_t prompt_tokens) noexcept;

/// Thread-safe.
class attempt_cost {
public:
  attempt_cost(std::shared_ptr<cost_ledger::hold> hold, std::shared_ptr<const price_list> list,
               const model_price& price, std::uint32_t prompt_tokens)
    : hold_{std::move(hold)},
      list_{std::move(list)},
      price_{&price},
      prompt_tokens_{prompt_tokens} {}

  /// Settles what was set aside and returns what the attempt has cost. Only the first call counts.
  usd settle(const attempt_usage& used);
  /// Another caller of the shared call pays, where it is not settled yet.
  void charge_to(const model_call& call);
  /// What it has cost; 0 until it is settled.
  [[nodiscard]] usd cost() const noexcept { return {cost_.load()}; }

private:
  std::shared_ptr<cost_ledger::hold> hold_;
  std::shared_ptr<const price_list> list_; ///< keeps `price_` alive
  const model_price* price_;
  std::uint32_t prompt_tokens_;
  std::atomic<std::int64_t> cost_ = 0;
};

/// Sets aside what an attempt of the call at that route can cost at most: the prompt
/// by a high estimate, and the longest answer that is asked for. Null where the model costs
/// nothing. Errors: over_budget, also where the model's price is not known and it must not be asked
/// then (detail `limit` is "unknown_model").
result<std::shared_ptr<attempt_cost>>
reserve_attempt(const environment& env, const model_call& call, const chain_route& route);

} // namespace flipsync
