#include "config/assemble.hpp"

#include "adapters/http_client/http_client.hpp"
#include "adapters/providers/offline/offline_provider.hpp"
#include "adapters/providers/ollama/ollama_provider.hpp"
#include "adapters/providers/openai/openai_provider.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "agents/roster.hpp"
#include "config/check.hpp"
#include "config/conduct.hpp"
#include "config/embedded.hpp"
#include "config/roster.hpp"
#include "config/shop_file.hpp"
#include "runtime/core/version.hpp"

namespace flipsync::config {
namespace {

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
  out.read_cache_bytes = static_cast<std::uint32_t>(s.store.read_cache);
  out.read_cache_ttl = s.store.read_cache_ttl;
  out.max_reply_bytes = static_cast<std::uint32_t>(s.turn.max_reply);
  out.model_list_ttl = s.models.list_ttl;
  out.model_list_timeout = s.models.list_timeout;
  out.worker_threads = s.turn.worker_threads;
  return out;
}

std::vector<std::pair<std::string, std::string>> tiers(const settings& s) {
  std::string fast = s.models.model;
  std::string usual = s.models.model;
  std::string strong = s.models.model;
  if (s.models.model.empty() && s.models.provider == "ollama") {
    fast = s.ollama.model_fast;
    usual = s.ollama.model;
    strong = s.ollama.model_strong;
  } else if (s.models.model.empty() && s.models.provider == "openai") {
    fast = s.openai.model_fast;
    usual = s.openai.model;
    strong = s.openai.model_strong;
  }
  std::vector<std::pair<std::string, std::string>> out;
  for (auto& [tier, model] : {std::pair{"fast", fast}, {"default", usual}, {"strong", strong}})
    if (!model.empty())
      out.emplace_back(tier, model);
  return out;
}

model_tuning tuning_of(const settings& s) {
  model_tuning out;
  out.temperature = s.models.temperature;
  out.max_tokens = s.models.max_tokens;
  out.top_p = s.models.top_p;
  out.top_k = s.models.top_k;
  out.num_ctx = s.models.num_ctx;
  out.num_thread = s.ollama.num_thread;
  out.num_batch = s.ollama.num_batch;
  out.num_gpu = s.ollama.num_gpu;
  if (s.models.provider == "ollama") {
    if (s.ollama.temperature)
      out.temperature = s.ollama.temperature;
    if (s.ollama.max_tokens)
      out.max_tokens = s.ollama.max_tokens;
  }
  return out;
}

/// The model a provider takes where a request names none: as a fallback it has no tiers.
std::string default_model(const settings& s, const std::string& provider, const std::string& own) {
  return s.models.provider == provider && !s.models.model.empty() ? s.models.model : own;
}

provider_entry ollama_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  flipsync::ollama_settings out;
  if (!s.ollama.host.empty())
    out.base_url = s.ollama.host;
  out.default_model = default_model(s, "ollama", s.ollama.model);
  out.keep_alive = s.ollama.keep_alive;
  out.timeouts = timeouts_of(s.ollama_limits);
  out.max_reply_bytes = s.turn.max_reply;
  return {
    make_ollama_provider(std::move(out), http), s.ollama.max_concurrent, s.ollama.max_waiting, {}};
}

provider_entry openai_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  flipsync::openai_settings out;
  out.base_url = s.openai.base_url;
  out.key = s.openai.api_key;
  out.timeouts = timeouts_of(s.openai_limits);
  out.default_model = default_model(s, "openai", s.openai.model);
  out.max_reply_bytes = s.turn.max_reply;
  return {
    make_openai_provider(std::move(out), http), s.openai.max_concurrent, s.openai.max_waiting, {}};
}

std::vector<provider_entry> build_providers(const settings& s,
                                            const std::vector<std::string>& names) {
  std::shared_ptr<byte_exchange> http; // one for all, so that they share its connections
  std::vector<provider_entry> out;
  for (const auto& name : names) {
    if (name == "offline") {
      out.push_back({make_offline_provider(), s.turn.max_in_flight, s.turn.max_in_flight, {}});
      continue;
    }
    if (!http)
      http = make_http_client({.max_connections = s.models.max_connections});
    out.push_back(name == "ollama" ? ollama_entry(s, http) : openai_entry(s, http));
  }
  return out;
}

result<shop_rules> rules_of(const settings& s) {
  return s.shop.file.empty() ? parse_shop(shop_toml(), "shop.toml (built in)")
                             : read_shop_file(s.shop.file);
}

error all_of(const std::vector<std::string>& faults) {
  std::string text;
  for (const auto& fault : faults)
    text += (text.empty() ? "" : "\n") + fault;
  return error{errc::invalid_request, text};
}

} // namespace

result<assembly> assemble(const settings& values) {
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
  out.providers = build_providers(values, names);
  out.models = {values.models.provider, fallback_chain(values), tiers(values), tuning_of(values)};
  if (auto added = add_routing_of(values, out.models); !added)
    return added.error();
  for (auto& entry : out.providers)
    add_limits_of(values, entry);
  out.seed = values.turn.seed;
  out.version = flipsync::version;
  out.features = {"chat", "streaming", "catalogue", "conversations"};
  return out;
}

result<std::shared_ptr<sqlite_store>> open_shop(const settings& values, const shop_rules& rules,
                                                const std::string& folder) {
  store_options options;
  options.data_dir = folder;
  options.synchronous_full = values.store.synchronous == "full";
  options.default_lead_time_days = static_cast<double>(rules.default_lead_time_days);
  return open_store(std::move(options));
}

} // namespace flipsync::config
