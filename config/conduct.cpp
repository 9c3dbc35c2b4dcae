#include "config/conduct.hpp"

#include <algorithm>
#include <cmath>

#include "config/check.hpp"

namespace flipsync::config {
namespace {

std::uint32_t tenths(double tokens) { return static_cast<std::uint32_t>(std::lround(tokens * 10)); }

std::size_t configured_models(const settings& values) {
  const auto names = configured_providers(values);
  return static_cast<std::size_t>(
    std::count_if(names.begin(), names.end(), [](const auto& name) { return name != "offline"; }));
}

bool by_task(const settings& values) {
  if (values.routing.mode != "auto")
    return values.routing.mode == "by_task";
  return !values.models.chosen && values.models.provider != "offline"
         && configured_models(values) >= 2;
}

/// Everybody who may stand in where the table has chosen.
std::vector<std::string> all_in_order(settings values) {
  values.models.provider.clear();
  return fallback_chain(values);
}

/// The first name in the rows that no provider has; empty where all are known.
std::string stranger_in(const settings& values, const std::vector<task_row>& rows) {
  for (const auto& row : rows)
    for (const auto& cell : {row.speed, row.quality, row.cost})
      for (const auto& name : cell)
        if (limits_of(values, name) == nullptr)
          return name;
  return {};
}

error named(error why, const char* option) {
  why.message = std::string{option} + ": " + why.message;
  return std::move(why).with("field", option);
}

/// Model per tier. A model that is set for all is the primary's.
template <class Own>
void take_tiers(const settings& values, const std::string& provider, const Own& own,
                provider_entry& entry) {
  const auto& set = values.models.provider == provider ? values.models.model : std::string{};
  const auto add = [&](const char* tier, const std::string& model) {
    if (const auto& name = set.empty() ? model : set; !name.empty())
      entry.tier_models.emplace_back(tier, name);
  };
  add("fast", own.model_fast);
  add("default", own.model);
  add("strong", own.model_strong);
}

} // namespace

flipsync::conduct_settings conduct_of(const settings& values) {
  const auto& from = values.conduct;
  flipsync::conduct_settings out;
  out.breaker = {from.breaker_failures, from.breaker_window, from.breaker_percent,
                 from.breaker_open_for};
  out.bucket.max = from.retry_tokens * 10;
  out.bucket.per_success = tenths(from.retry_tokens_per_success);
  out.patience = from.fallback_patience;
  out.key_ejection = from.key_ejection;
  out.hold_tokens = from.hold_tokens;
  out.hedge_after = from.hedge_after;
  return out;
}

result<void> add_routing_of(const settings& values, model_routing& routing) {
  auto rows = parse_task_rows(values.routing.table);
  if (!rows)
    return named(rows.error(), "routing.table");
  if (const auto name = stranger_in(values, *rows); !name.empty())
    return named(error{errc::invalid_request, "there is no provider '" + name + "'"},
                 "routing.table");
  auto limits = parse_task_limits(values.routing.limits);
  if (!limits)
    return named(limits.error(), "routing.limits");
  routing.tasks = {*std::move(rows), *std::move(limits)};
  routing.by_task = by_task(values);
  routing.by_complexity = values.routing.by_complexity;
  routing.primary_stands_in = values.models.provider != "offline";
  if (routing.by_task)
    routing.fallbacks = all_in_order(values);
  return {};
}

const provider_limits* limits_of(const settings& values, std::string_view provider) {
  if (provider == "ollama")
    return &values.ollama_limits;
  if (provider == "openai")
    return &values.openai_limits;
  if (provider == "anthropic")
    return &values.anthropic_limits;
  return provider == "gemini" ? &values.gemini_limits : nullptr;
}

void add_limits_of(const settings& values, provider_entry& entry) {
  const auto* limits = limits_of(values, entry.provider->name());
  if (limits == nullptr)
    return;
  entry.first_token_timeout = limits->first_token_timeout;
  entry.rate = {limits->requests_per_minute, limits->tokens_per_minute, entry.max_waiting};
  entry.long_model = limits->model_long;
  const auto& name = entry.provider->name();
  if (name == "ollama")
    take_tiers(values, name, values.ollama, entry);
  for_each_hosted(values, [&](const std::string& hosted, const hosted_settings& own) {
    if (hosted == name)
      take_tiers(values, name, own, entry);
  });
}

provider_timeouts timeouts_of(const provider_limits& limits) {
  return {limits.connect_timeout, limits.first_byte_timeout, limits.idle_timeout};
}

} // namespace flipsync::config
