#include "config/cache.hpp"

#include "adapters/cache/redis_cache.hpp"
#include "config/check.hpp"

namespace flipsync::config {
namespace {

/// A URL may carry a password before its host.
std::string without_user(const std::string& url) {
  const auto host = url.find("://");
  const auto at = url.find('@');
  if (host == std::string::npos || at == std::string::npos)
    return url;
  return url.substr(0, host + 3) + url.substr(at + 1);
}

} // namespace

cache_settings cache_of(const settings& values) {
  const auto& from = values.cache;
  cache_settings out;
  out.answers = from.enabled;
  out.turns = from.enabled && from.turns;
  out.answer_bytes = from.memory;
  out.turn_bytes = from.turn_memory;
  out.max_temperature = from.max_temperature;
  out.personal = from.personal;
  out.second_timeout = from.redis_timeout;
  out.lifetimes.of(answer_class::chat) = from.ttl;
  out.lifetimes.of(answer_class::decision) = from.ttl;
  out.lifetimes.of(answer_class::quick_replies) = from.ttl;
  out.lifetimes.of(answer_class::conversation) = from.ttl_conversation;
  out.lifetimes.of(answer_class::products) = from.ttl_products;
  out.lifetimes.of(answer_class::grammar) = from.ttl_grammar;
  out.lifetimes.of(answer_class::scenario) = from.ttl_scenario;
  out.lifetimes.of(answer_class::model) = from.ttl_model;
  return out;
}

result<std::shared_ptr<second_cache>> second_of(const settings& values) {
  const auto& from = values.cache;
  if (from.redis_url.empty() || !from.enabled)
    return std::shared_ptr<second_cache>{};
  auto address = parse_redis_url(from.redis_url);
  if (!address)
    return address.error().with("field", "cache.redis_url");
  redis_settings redis;
  redis.address = *std::move(address);
  redis.connections = from.redis_connections;
  redis.timeout = from.redis_timeout;
  return std::shared_ptr<second_cache>{make_redis_cache(std::move(redis))};
}

std::string identity_of(const settings& values, std::string_view provider) {
  std::string out;
  if (provider == "ollama")
    out = without_user(values.ollama.host);
  for_each_hosted(values, [&](std::string_view name, const hosted_settings& own) {
    if (name == provider)
      out = without_user(own.base_url);
  });
  if (provider == "anthropic")
    out += " effort " + values.anthropic.effort + " thinking "
           + std::to_string(values.anthropic.thinking_tokens) + " tokens "
           + std::to_string(values.anthropic.max_tokens);
  if (provider == "gemini")
    out += " level " + values.gemini.thinking_level + " thinking "
           + std::to_string(values.gemini.thinking_tokens);
  return out;
}

} // namespace flipsync::config
