#include "config/assemble.hpp"

#include "adapters/store/sqlite_store.hpp"
#include "adapters/store/store_importer.hpp"
#include "agents/roster.hpp"
#include "config/cache.hpp"
#include "config/check.hpp"
#include "config/conduct.hpp"
#include "config/embedded.hpp"
#include "config/faults.hpp"
#include "config/prices_file.hpp"
#include "config/providers.hpp"
#include "config/roster.hpp"
#include "config/shop_file.hpp"
#include "runtime/core/version.hpp"

namespace flipsync::config {
namespace {

flipsync::session_settings sessions_of(const session_settings& s) {
  flipsync::session_settings out;
  out.max_sessions = s.max_connections;
  out.max_turns = s.max_turns;
  out.max_waiting_frames = s.max_waiting_frames;
  out.max_buffered = s.max_buffered;
  out.ping_interval = s.ping_interval;
  out.gone_after = s.gone_after;
  out.resume_hold = s.resume_hold;
  out.max_log = s.max_log;
  out.max_kept_turns = s.max_kept_turns;
  out.agents_interval = s.agents_interval;
  return out;
}

flipsync::cost_settings costs_of(const cost_values& s) {
  return {
    {usd_of(s.per_request), usd_of(s.per_conversation), usd_of(s.per_tenant), usd_of(s.per_day)},
    s.unlimited_answer};
}

core_settings core_of(const settings& s) {
  core_settings out;
  out.turn_deadline = s.turn.deadline;
  out.attempt_timeout = s.models.attempt_timeout;
  out.max_turns_in_flight = s.turn.max_in_flight;
  out.max_queue_per_conversation = s.turn.max_queue_per_conversation;
  out.max_conversations = s.turn.max_conversations;
  out.passivate_after = s.turn.passivate_after;
  out.restart_max = s.supervision.restart_max;
  out.restart_window = s.supervision.restart_window;
  out.history_limit = s.turn.history_limit;
  out.retry_attempts = s.models.retry_attempts;
  out.retry_base = s.models.retry_base;
  out.rate_limit_retry_base = s.models.rate_limit_retry_base;
  out.retry_cap = s.models.retry_cap;
  out.conduct = conduct_of(s);
  out.costs = costs_of(s.costs);
  out.read_cache_bytes = static_cast<std::uint32_t>(s.store.read_cache);
  out.read_cache_ttl = s.store.read_cache_ttl;
  out.cache = cache_of(s);
  out.max_reply_bytes = static_cast<std::uint32_t>(s.turn.max_reply);
  out.model_list_ttl = s.models.list_ttl;
  out.model_list_timeout = s.models.list_timeout;
  out.worker_threads = s.turn.worker_threads;
  out.sessions = sessions_of(s.session);
  out.keep_conversations = s.store.keep_conversations;
  return out;
}

result<shop_rules> rules_of(const settings& s) {
  return s.shop.file.empty() ? parse_shop(shop_toml(), "shop.toml (built in)")
                             : read_shop_file(s.shop.file);
}

} // namespace

result<assembly> assemble(const settings& values, const std::shared_ptr<shared_loop>& shared) {
  if (auto faults = contradictions(values); !faults.empty())
    return all_of(faults);
  auto agents = read_roster(values.agents);
  if (!agents)
    return agents.error();
  auto rules = rules_of(values);
  if (!rules)
    return rules.error();
  auto library = std::make_shared<agent_library>();
  add_shipped_agents(*library);
  const auto names = configured_providers(values);
  if (auto faults = roster_faults(*agents, *library, names); !faults.empty())
    return all_of(faults);
  assembly out;
  out.core = core_of(values);
  out.router = routing_of(*agents);
  out.agents = *std::move(agents);
  out.library = std::move(library);
  out.rules = *std::move(rules);
  out.providers = build_providers(values, names, shared);
  out.models = {values.models.provider, fallback_chain(values), tier_models(values),
                tuning_of(values)};
  out.models.fast = fast_tier_of(values);
  if (auto added = add_routing_of(values, out.models); !added)
    return added.error();
  auto prices = read_prices(values.costs);
  if (!prices)
    return prices.error();
  out.prices = *std::move(prices);
  for (auto& entry : out.providers) {
    add_limits_of(values, entry);
    entry.unknown = unknown_price_of(values, entry.provider->name());
    entry.identity = identity_of(values, entry.provider->name());
  }
  auto second = second_of(values);
  if (!second)
    return second.error();
  out.second = *std::move(second);
  out.seed = values.turn.seed;
  out.version = flipsync::version;
  out.features = {"chat", "streaming", "catalogue", "conversations"};
  return out;
}

namespace {

store_options options_of(const settings& values, const shop_rules& rules,
                         const std::string& folder) {
  store_options options;
  options.data_dir = folder;
  options.synchronous_full = values.store.synchronous == "full";
  options.default_lead_time_days = static_cast<double>(rules.default_lead_time_days);
  return options;
}

} // namespace

result<std::shared_ptr<sqlite_store>> open_shop(const settings& values, const shop_rules& rules,
                                                const std::string& folder) {
  return open_store(options_of(values, rules, folder));
}

std::shared_ptr<importer_port> open_importer(const settings& values, const shop_rules& rules,
                                             const std::string& folder) {
  return make_store_importer(options_of(values, rules, folder));
}

} // namespace flipsync::config
