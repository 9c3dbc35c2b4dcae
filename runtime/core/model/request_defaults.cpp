#include "runtime/core/model/request_defaults.hpp"

#include <algorithm>

#include "runtime/core/assembly.hpp"

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

const task_limits* task_limits_of(const model_call& call, const model_routing& routing) {
  return call.part == "response" ? routing.tasks.limits_of(call.turn->request.task) : nullptr;
}

/// Longest answer on other tiers, where no task limits it.
const std::optional<std::uint32_t>& usual_answer_of(const model_call& call,
                                                    const model_routing& routing) {
  const auto& own = call.request.tuning.max_tokens;
  return own ? own : routing.tuning.max_tokens;
}

/// The fast tier's part of it. A local model's window is not made larger than on other tiers.
void lay_fast_under(model_tuning& own, const model_call& call, const model_routing& routing) {
  const auto& fast = routing.fast;
  own.max_tokens = fast_answer_of(call, routing);
  take(own.temperature, fast.temperature);
  if (own.stop.empty())
    own.stop = fast.stop;
  if (!own.num_ctx && fast.num_ctx > 0)
    own.num_ctx = fast_context_of(routing);
}

} // namespace

std::uint32_t fast_context_of(const model_routing& routing) noexcept {
  return std::min(routing.fast.num_ctx, routing.tuning.num_ctx.value_or(routing.fast.num_ctx));
}

std::optional<std::uint32_t> fast_answer_of(const model_call& call, const model_routing& routing) {
  if (const auto* limits = task_limits_of(call, routing))
    return limits->max_tokens;
  const auto& own = call.request.tuning.max_tokens;
  const auto usual = usual_answer_of(call, routing);
  const bool own_wish = own && call.tier == "fast";
  const bool told_once = call.stream_to_caller && call.turn->request.told_once;
  const auto fast = routing.fast.max_tokens;
  if (fast == 0 || own_wish || told_once)
    return usual;
  return std::min(fast, usual.value_or(fast));
}

std::optional<std::uint32_t> limit_of_fast_alone(const model_call& call,
                                                 const model_routing& routing) {
  if (task_limits_of(call, routing) != nullptr)
    return std::nullopt;
  const auto limit = fast_answer_of(call, routing);
  return limit == usual_answer_of(call, routing) ? std::nullopt : limit;
}

model_tuning tuning_for(const model_call& call, const model_routing& routing, bool fast) {
  auto out = call.request.tuning;
  if (const auto* limits = task_limits_of(call, routing)) {
    out.max_tokens = limits->max_tokens;
    out.temperature = limits->temperature;
  }
  if (fast)
    lay_fast_under(out, call, routing);
  lay_machine_under(out, routing.tuning);
  if (!call.direct) // a caller who asks a model itself gets what that model does by itself
    lay_style_under(out, routing.tuning);
  return out;
}

} // namespace flipsync
