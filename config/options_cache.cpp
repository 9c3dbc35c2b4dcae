/// The section of the caches.

#include "config/bind.hpp"
#include "config/option_tables.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {
namespace {

using s = settings;
using g = cache_values;

void add_what_is_kept(std::vector<option>& table) {
  table.push_back(
    bind<&s::cache, &g::enabled>("cache.enabled",
                                 "Keeps models' answers, and lets equal calls under way share one.")
      .env({"ENABLE_CACHING"}));
  table.push_back(bind<&s::cache, &g::turns>("cache.turns",
                                             "Answers a request under /v1 that was answered before "
                                             "at the door itself, where cache.enabled is on.")
                    .env({"ENABLE_RESPONSE_CACHING"}));
  table.push_back(bind<&s::cache, &g::memory>("cache.memory", "Memory for models' answers.")
                    .as(option_type::bytes)
                    .between(0, 64 * gib));
  table.push_back(bind<&s::cache, &g::turn_memory>("cache.turn_memory", "Memory for whole turns.")
                    .as(option_type::bytes)
                    .between(0, 64 * gib));
  table.push_back(bind<&s::cache, &g::max_temperature>(
                    "cache.max_temperature",
                    "Answers at a higher temperature are not kept unless the caller asks for it; "
                    "one that nobody sets counts as 1.")
                    .between(0, 2));
  table.push_back(bind<&s::cache, &g::personal>(
    "cache.personal", "Words and phrases in a user's message that make the answer theirs alone."));
  table.push_back(bind<&s::cache, &g::warm>(
    "cache.warm", "Messages that are asked as real turns when the service starts."));
}

void add_lifetimes(std::vector<option>& table) {
  table.push_back(bind<&s::cache, &g::ttl>("cache.ttl", "How long the first answer of a "
                                                        "conversation, a decision and quick "
                                                        "replies are good for.")
                    .between(second, year)
                    .env({"CACHE_TTL"}));
  table.push_back(bind<&s::cache, &g::ttl_conversation>(
                    "cache.ttl_conversation", "The same of an answer that earlier messages led to.")
                    .between(second, year)
                    .env({"CACHE_TTL_CONVERSATION"}));
  table.push_back(bind<&s::cache, &g::ttl_products>("cache.ttl_products",
                                                    "The same of a part that shows products.")
                    .between(second, year));
  table.push_back(bind<&s::cache, &g::ttl_grammar>(
                    "cache.ttl_grammar", "The same of an agent or a part that is called grammar.")
                    .between(second, year)
                    .env({"CACHE_TTL_GRAMMAR"}));
  table.push_back(bind<&s::cache, &g::ttl_scenario>(
                    "cache.ttl_scenario", "The same of an agent or a part that is called scenario.")
                    .between(second, year)
                    .env({"CACHE_TTL_SCENARIO"}));
  table.push_back(bind<&s::cache, &g::ttl_model>("cache.ttl_model",
                                                 "The same where a caller asked the model itself.")
                    .between(second, year));
}

void add_second(std::vector<option>& table) {
  table.push_back(
    bind<&s::cache, &g::redis_url>("cache.redis_url",
                                   "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE] of a Redis "
                                   "that keeps answers too; empty is none.")
      .env({"REDIS_URL"})
      .hidden());
  table.push_back(bind<&s::cache, &g::redis_connections>("cache.redis_connections",
                                                         "Connections to Redis, each with a "
                                                         "thread; made when they are needed.")
                    .between(1, 64)
                    .env({"REDIS_MAX_CONNECTIONS"}));
  table.push_back(bind<&s::cache, &g::redis_timeout>(
                    "cache.redis_timeout", "Longest wait for Redis, all in all; then the model is "
                                           "asked.")
                    .between(1, 10 * second));
}

} // namespace

void add_caches(std::vector<option>& table) {
  add_what_is_kept(table);
  add_lifetimes(table);
  add_second(table);
}

} // namespace flipsync::config
