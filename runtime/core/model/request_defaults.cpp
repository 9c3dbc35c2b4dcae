#include "runtime/core/model/request_defaults.hpp"

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

} // namespace

model_tuning tuning_for(const model_call& call, const model_routing& routing) {
  auto out = call.request.tuning;
  if (call.part == "response")
    if (const auto* limits = routing.tasks.limits_of(call.turn->request.task)) {
      out.max_tokens = limits->max_tokens;
      out.temperature = limits->temperature;
    }
  lay_machine_under(out, routing.tuning);
  if (!call.direct) // a caller who asks a model itself gets what that model does by itself
    lay_style_under(out, routing.tuning);
  return out;
}

} // namespace flipsync
