#include "runtime/core/cache/turn_cache.hpp"

#include <utility>

namespace flipsync {

namespace {

constexpr std::string_view turn_encoding = "flipsync turn 1";

/// The provider and the kind of answer that the turn's model gave.
answer_label label_of(const turn_reply& reply) {
  answer_label label;
  label.what = reply.agent.empty() ? answer_class::model : answer_class::chat;
  for (const auto& part : reply.parts)
    if (!part.provider.empty()) {
      label.provider = part.provider;
      break;
    }
  return label;
}

std::size_t weight_of(const kept_turn& turn) {
  std::size_t bytes = sizeof turn + turn.written.size() + turn.reply.message.size();
  for (const auto& product : turn.reply.products)
    bytes += sizeof product + product.title.size();
  for (const auto& fact : turn.reply.facts)
    bytes += sizeof(std::string) + fact.size();
  return bytes + turn.reply.parts.size() * sizeof(part_report);
}

} // namespace

turn_reply as_kept(turn_reply reply) {
  reply.cached = true;
  reply.usage = {};
  reply.saved += reply.cost;
  reply.cost = reply.wasted = {};
  for (auto& part : reply.parts) {
    if (part.provider.empty())
      continue;
    part.status = part_status::cached;
    part.cached = true;
    part.attempts.clear();
    part.saved_tokens += std::exchange(part.tokens, {});
    part.saved += part.cost;
    part.cost = part.wasted = {};
    part.took = {};
  }
  reply.timings = {};
  return reply;
}

turn_savings savings_of(const turn_reply& reply) noexcept {
  turn_savings out;
  for (const auto& part : reply.parts) {
    if (part.provider.empty())
      continue;
    for (const auto& tokens : {part.tokens, part.saved_tokens})
      out.tokens += std::uint64_t{tokens.in} + tokens.out;
    out.cost += part.cost + part.saved;
    out.time += part.took;
  }
  return out;
}

std::chrono::milliseconds good_for(const turn_reply& reply) noexcept {
  using std::chrono::milliseconds;
  if (reply.status != turn_status::ok || !reply.tool_calls.empty())
    return milliseconds{0};
  auto least = milliseconds::max();
  for (const auto& part : reply.parts) {
    if (part.status == part_status::timed_out || part.status == part_status::failed
        || part.status == part_status::cancelled)
      return milliseconds{0};
    if (!part.provider.empty())
      least = std::min(least, part.good_for);
  }
  return least == milliseconds::max() ? milliseconds{0} : least;
}

turn_cache::turn_cache(const cache_settings& settings, std::shared_ptr<clock_port> clock,
                       std::function<std::uint64_t()> catalogue,
                       std::function<std::string()> new_id)
  : on_{settings.turns},
    clock_{std::move(clock)},
    catalogue_{std::move(catalogue)},
    new_id_{std::move(new_id)},
    turns_{settings.turns ? settings.turn_bytes : 0} {}

digest256 turn_cache::key_of(const received_request& request) const {
  canonical_text text;
  text.text(turn_encoding).text(request.tenant).text(request.role).text(request.place);
  text.number(version_.load(std::memory_order_acquire)).number(catalogue_()).text(request.body);
  return text.digest();
}

std::shared_ptr<const kept_turn> turn_cache::find(const digest256& key) {
  auto found = turns_.find(key, clock_->now());
  constexpr auto relaxed = std::memory_order_relaxed;
  if (!found.value) {
    misses_.fetch_add(1, relaxed);
    return nullptr;
  }
  const auto& saves = found.value->saves;
  hits_.fetch_add(1, relaxed);
  saved_tokens_.fetch_add(saves.tokens, relaxed);
  saved_nanos_.fetch_add(saves.cost.nanos, relaxed);
  saved_microseconds_.fetch_add(saves.time.count(), relaxed);
  return std::move(found.value);
}

void turn_cache::keep(const digest256& key, kept_turn turn, std::chrono::milliseconds good_for) {
  if (!on_ || good_for.count() <= 0)
    return;
  auto label = label_of(turn.reply);
  const auto bytes = weight_of(turn);
  turns_.keep(key, std::move(label), std::make_shared<const kept_turn>(std::move(turn)), bytes,
              clock_->now() + good_for,
              [this](const answer_label&) { evictions_.fetch_add(1, std::memory_order_relaxed); });
}

void turn_cache::outdate() {
  version_.fetch_add(1, std::memory_order_acq_rel);
  turns_.drop([](const answer_label&) { return true; });
}

std::size_t turn_cache::clear(std::string_view provider, std::string_view what) {
  return turns_.drop([&](const answer_label& label) {
    return (provider.empty() || label.provider == provider)
           && (what.empty() || to_string(label.what) == what);
  });
}

cache_view turn_cache::show() const {
  cache_view view;
  view.name = "turns";
  view.hits = hits_.load();
  view.misses = misses_.load();
  view.evictions = evictions_.load();
  view.saved_tokens = saved_tokens_.load();
  view.saved = usd{saved_nanos_.load()};
  view.saved_time = std::chrono::microseconds{saved_microseconds_.load()};
  view.max_bytes = turns_.max_bytes();
  turns_.look([&](const answer_label&, std::size_t bytes) {
    ++view.entries;
    view.bytes += bytes;
  });
  return view;
}

} // namespace flipsync
