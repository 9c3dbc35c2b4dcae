#include "runtime/core/turn_statistics.hpp"

namespace flipsync {

namespace {

std::int64_t hour_of(mono_time t) {
  return std::chrono::duration_cast<std::chrono::hours>(t.time_since_epoch()).count();
}

} // namespace

void turn_statistics::turn_ended(const turn_request& request, const turn_reply& reply,
                                 mono_time now) {
  latency_.record(reply.timings.total);
  const std::lock_guard lock{mutex_};
  ++turns_;
  if (reply.status == turn_status::failed)
    ++failed_;
  all_.tokens.in += reply.usage.in;
  all_.tokens.out += reply.usage.out;
  for (const auto& part : reply.parts) {
    all_.cost += part.cost;
    wasted_ += part.wasted;
    saved_ += part.saved;
    if (part.provider.empty())
      continue;
    auto& provider = by_provider_[part.provider];
    provider.tokens.in += part.tokens.in;
    provider.tokens.out += part.tokens.out;
    provider.cost += part.cost;
  }
  // A call straight to a model is in no conversation.
  if (request.conversation_id.empty() && !reply.agent.empty()) {
    auto& slot = conversations_[static_cast<std::size_t>(hour_of(now)) % hours];
    if (slot.number != hour_of(now))
      slot = {hour_of(now), 0};
    ++slot.begun;
  }
  if (request.customer_id.empty())
    users_.seen(request.tenant, "conversation", reply.conversation_id, now);
  else
    users_.seen(request.tenant, "customer", request.customer_id, now);
}

void turn_statistics::show(runtime_numbers& into, mono_time now) const {
  into.turn_latency = latency_.spread();
  const std::lock_guard lock{mutex_};
  into.turns = turns_;
  into.turns_failed = failed_;
  into.tokens = all_.tokens;
  into.cost = all_.cost;
  into.wasted = wasted_;
  into.saved = saved_;
  for (const auto& slot : conversations_)
    if (slot.number >= 0 && hour_of(now) - slot.number < 24)
      into.conversations_last_day += slot.begun;
  into.active_users += users_.count(now);
  for (auto& provider : into.providers)
    if (const auto found = by_provider_.find(provider.name); found != by_provider_.end()) {
      provider.tokens = found->second.tokens;
      provider.cost = found->second.cost;
    }
}

} // namespace flipsync
