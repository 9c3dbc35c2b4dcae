/// The engine's way straight to a model.

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/model/direct_turn.hpp"
#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/embed/engine.hpp"

namespace flipsync {

turn engine::generate(direct_request request, std::shared_ptr<event_sink> sink) {
  turn handle;
  const auto valid = validate(request);
  turn_request entry;
  entry.kept = false;
  entry.stream = request.ask.stream;
  entry.timeout = request.timeout;
  entry.cache = request.cache;
  entry.tenant = std::move(request.tenant);
  entry.request_id = std::move(request.request_id);
  entry.traceparent = std::move(request.traceparent);
  const turn_ptr context = enter(std::move(entry), valid, std::move(sink), handle);
  if (!context)
    return handle;
  const auto listed_now = directory();
  const auto model = listed_now->find(request.model);
  if (model || !listed_now->stale()) {
    if (model)
      ask_directly(context, *model, std::move(request.ask));
    else
      context->guard->fail(model.error());
    return handle;
  }
  // A provider may have it on a list that was not read yet.
  listed_now->refresh([context, name = std::move(request.model),
                       ask = std::make_shared<model_request>(std::move(request.ask))](
                        const model_directory& found_in) {
    const auto listed = found_in.find(name);
    if (listed)
      ask_directly(context, *listed, std::move(*ask));
    else
      context->guard->fail(listed.error());
  });
  return handle;
}

void engine::ask_directly(const turn_ptr& context, const model_offer& model, model_request ask) {
  auto call = std::make_shared<model_call>();
  call->turn = context;
  call->scope = cancel_scope::within(context->guard);
  call->part = "model";
  call->provider = model.provider;
  call->request = std::move(ask);
  call->request.model = model.model;
  call->stream_to_caller = call->request.stream;
  call->direct = std::make_shared<direct_turn>(context->guard);
  const auto gateway = context->at_hand->gateway;
  if (!gateway) {
    context->guard->fail(error{errc::agent_down, "the model gateway is down"});
    return;
  }
  thread_loan::more_comes();
  caf_compat::anon_send(gateway, generate_atom_v, model_call_ptr{std::move(call)});
}

void engine::models(std::function<void(std::vector<model_offer>)> done) {
  directory()->refresh(
    [done = std::move(done)](const model_directory& found_in) { done(found_in.offers()); });
}

} // namespace flipsync
