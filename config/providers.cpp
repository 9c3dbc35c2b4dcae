#include "config/providers.hpp"

#include <algorithm>

#include "adapters/http_client/http_client.hpp"
#include "adapters/providers/anthropic/anthropic_provider.hpp"
#include "adapters/providers/gemini/gemini_provider.hpp"
#include "adapters/providers/offline/offline_provider.hpp"
#include "adapters/providers/ollama/ollama_provider.hpp"
#include "adapters/providers/ollama/ollama_pull.hpp"
#include "adapters/providers/openai/openai_provider.hpp"
#include "config/check.hpp"
#include "config/conduct.hpp"
#include "runtime/core/cache/digest.hpp"

namespace flipsync::config {
namespace {

/// The model a provider takes where a request names none: as a fallback it has no tiers.
std::string default_model(const settings& s, const std::string& provider, const std::string& own) {
  return s.models.provider == provider && !s.models.model.empty() ? s.models.model : own;
}

flipsync::ollama_settings ollama_of(const settings& s) {
  flipsync::ollama_settings out;
  if (!s.ollama.host.empty())
    out.base_url = s.ollama.host;
  return out;
}

std::shared_ptr<byte_exchange> make_client(const models_settings& s,
                                           std::shared_ptr<shared_loop> shared) {
  http_client_settings out;
  out.max_connections = s.max_connections;
  out.max_idle_connections = s.max_idle_connections.value_or(std::max(1U, s.max_connections / 2));
  out.ca_file = s.ca_file;
  out.proxy = s.proxy;
  out.proxy_login = s.proxy_login;
  for (const auto& host : s.no_proxy)
    out.no_proxy += (out.no_proxy.empty() ? "" : ",") + host;
  return make_http_client(std::move(out), std::move(shared));
}

provider_entry ollama_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  auto out = ollama_of(s);
  out.default_model = default_model(s, "ollama", s.ollama.model);
  out.keep_alive = s.ollama.keep_alive;
  out.timeouts = timeouts_of(s.ollama_limits);
  out.context_tokens = s.models.num_ctx.value_or(0);
  out.max_reply_bytes = s.turn.max_reply;
  provider_entry entry{
    make_ollama_provider(std::move(out), http), s.ollama.max_concurrent, s.ollama.max_waiting, {}};
  entry.access_identity = s.ollama.host;
  return entry;
}

/// What all providers in the cloud are built with.
void fill(provider_settings& out, const settings& s, const hosted_settings& own) {
  out.base_url = own.base_url;
  if (!own.api_keys.empty()) {
    out.key = own.api_keys.front();
    out.further_keys.assign(own.api_keys.begin() + 1, own.api_keys.end());
  }
  out.default_model = default_model(s, out.name, own.model);
  out.context_tokens = own.context;
  out.timeouts = timeouts_of(*limits_of(s, out.name));
  out.max_reply_bytes = s.turn.max_reply;
  for (const auto& text : own.headers)
    if (auto header = parse_header(text))
      out.extra_headers.push_back(*std::move(header));
}

/// A digest, so that a change is seen and no key.
std::string access_identity_of(const hosted_settings& own) {
  canonical_text text;
  text.text(own.base_url).number(own.api_keys.size());
  for (const auto& key : own.api_keys)
    text.text(key);
  for (const auto& header : own.headers)
    text.text(header);
  return hex_of(text.digest());
}

provider_entry entry_of(std::shared_ptr<model_provider> provider, const hosted_settings& own) {
  provider_entry out{std::move(provider), own.max_concurrent, own.max_waiting, {}};
  out.access_identity = access_identity_of(own);
  return out;
}

provider_entry openai_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  flipsync::openai_settings out;
  fill(out, s, s.openai);
  return entry_of(make_openai_provider(std::move(out), http), s.openai);
}

provider_entry anthropic_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  flipsync::anthropic_settings out;
  fill(out, s, s.anthropic);
  out.default_max_tokens = s.anthropic.max_tokens;
  out.effort = s.anthropic.effort == "default" ? "" : s.anthropic.effort;
  out.thinking_tokens = s.anthropic.thinking_tokens;
  return entry_of(make_anthropic_provider(std::move(out), http), s.anthropic);
}

provider_entry gemini_entry(const settings& s, const std::shared_ptr<byte_exchange>& http) {
  flipsync::gemini_settings out;
  fill(out, s, s.gemini);
  out.thinking_level = s.gemini.thinking_level == "default" ? "" : s.gemini.thinking_level;
  out.thinking_tokens = s.gemini.thinking_tokens;
  return entry_of(make_gemini_provider(std::move(out), http), s.gemini);
}

provider_entry entry_named(const std::string& name, const settings& s,
                           const std::shared_ptr<byte_exchange>& http) {
  if (name == "ollama")
    return ollama_entry(s, http);
  if (name == "anthropic")
    return anthropic_entry(s, http);
  return name == "gemini" ? gemini_entry(s, http) : openai_entry(s, http);
}

} // namespace

std::vector<std::pair<std::string, std::string>> tier_models(const settings& values) {
  std::string fast = values.models.model;
  std::string usual = values.models.model;
  std::string strong = values.models.model;
  const auto take = [&](const std::string& provider, const auto& own) {
    if (values.models.model.empty() && values.models.provider == provider) {
      fast = own.model_fast;
      usual = own.model;
      strong = own.model_strong;
    }
  };
  take("ollama", values.ollama);
  for_each_hosted(values, take);
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

fast_tier fast_tier_of(const settings& s) {
  return {s.models.fast_max_tokens, s.models.fast_num_ctx, s.models.fast_temperature,
          s.models.fast_stop};
}

std::vector<provider_entry> build_providers(const settings& values,
                                            const std::vector<std::string>& names,
                                            const std::shared_ptr<shared_loop>& shared) {
  std::shared_ptr<byte_exchange> http; // one for all, so that they share its connections
  std::vector<provider_entry> out;
  for (const auto& name : names) {
    if (name == "offline") {
      out.push_back(
        {make_offline_provider(), values.turn.max_in_flight, values.turn.max_in_flight, {}});
      continue;
    }
    if (!http)
      http = make_client(values.models, shared);
    out.push_back(entry_named(name, values, http));
  }
  return out;
}

std::vector<warm_up> warm_ups(const settings& values,
                              const std::vector<provider_entry>& providers) {
  std::vector<warm_up> out;
  if (values.models.provider != "ollama" || !values.ollama.prewarm)
    return out;
  const auto primary =
    std::find_if(providers.begin(), providers.end(),
                 [](const provider_entry& e) { return e.provider->name() == "ollama"; });
  if (primary == providers.end())
    return out;
  const auto usual = default_model(values, "ollama", values.ollama.model);
  for (const auto& [tier, model] : tier_models(values)) {
    const bool known = std::any_of(out.begin(), out.end(), [&, name = model](const warm_up& w) {
      return w.request.model == name;
    });
    if (tier == "strong" || known) // which may be too large to stay beside the others
      continue;
    warm_up next{primary->provider, {}};
    next.request.model = model;
    next.request.messages = {{chat_role::user, "Hello.", {}, {}}};
    next.request.tuning = tuning_of(values);
    next.request.tuning.max_tokens = 1;
    if (tier == "fast" && model != usual && values.models.fast_num_ctx > 0)
      next.request.tuning.num_ctx = // with another window it would be loaded anew
        std::min(values.models.fast_num_ctx, next.request.tuning.num_ctx.value_or(UINT32_MAX));
    next.request.timeout = values.ollama.prewarm_timeout;
    out.push_back(std::move(next));
  }
  return out;
}

std::shared_ptr<model_fetcher> build_fetcher(const settings& values) {
  return make_ollama_fetcher(ollama_of(values), make_http_client());
}

std::vector<std::string> fetchable_models(const settings& values,
                                          const std::vector<agent_spec>& agents) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end())
      out.push_back(name);
  };
  const bool primary = values.models.provider == "ollama";
  if (primary)
    add(values.models.model);
  if (!primary || values.models.model.empty()) {
    add(values.ollama.model);
    add(values.ollama.model_fast);
    add(values.ollama.model_strong);
  }
  const auto is_here = [&](const std::string& provider) {
    return provider == "ollama" || (provider.empty() && primary);
  };
  for (const auto& agent : agents) {
    if (is_here(agent.provider))
      add(agent.model);
    for (const auto& part : agent.parts)
      if (is_here(part.provider))
        add(part.model);
  }
  return out;
}

} // namespace flipsync::config
