#include "runtime/core/turn_statistics.hpp"

namespace flipsync {

namespace {

constexpr std::chrono::minutes active_for{5};

std::int64_t hour_of(mono_time t) {
  return std::chrono::duration_cast<std::chrono::hours>(t.time_since_epoch()).count();
}

/// A customer, or a conversation where the customer is not named.
std::string user_of(const turn_request& request, const turn_reply& reply) {
  const auto& name = request.customer_id.empty() ? reply.conversation_id : request.customer_id;
  return request.tenant + (request.customer_id.empty() ? " c " : " u ") + name;
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
  if (users_.size() >= max_users)
    std::erase_if(users_, [&](const auto& user) { return now - user.second > active_for; });
  if (users_.size() < max_users)
    users_[user_of(request, reply)] = now;
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
  for (const auto& [user, seen] : users_)
    if (now - seen <= active_for)
      ++into.active_users;
  for (auto& provider : into.providers)
    if (const auto found = by_provider_.find(provider.name); found != by_provider_.end()) {
      provider.tokens = found->second.tokens;
      provider.cost = found->second.cost;
    }
}

} // namespace flipsync
