#pragma once
/// What a runtime is built from: settings, ports and data, all by value or owned. `config/` makes
/// one from files and environment, tests make their own; `runtime/embed` turns it into a running
/// facade.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/agent/agent_spec.hpp"
#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/model/conduct_settings.hpp"
#include "runtime/core/model/cost_settings.hpp"
#include "runtime/core/model/price_list.hpp"
#include "runtime/core/model/task_table.hpp"
#include "runtime/core/ports/importer.hpp"
#include "runtime/core/ports/model_provider.hpp"
#include "runtime/core/ports/random.hpp"
#include "runtime/core/ports/reloader.hpp"
#include "runtime/core/ports/second_cache.hpp"
#include "runtime/core/ports/store.hpp"
#include "runtime/core/session/session_settings.hpp"
#include "runtime/core/text/intent_router.hpp"

namespace flipsync {

/// Limits and times of the core. Every one is an option and a row in docs/configuration.md.
struct core_settings {
  std::chrono::milliseconds turn_deadline{30000};
  std::chrono::milliseconds attempt_timeout{15000};
  std::uint32_t max_turns_in_flight = 1000;
  /// Turns that may wait in one conversation behind the running one.
  std::uint32_t max_queue_per_conversation = 16;
  std::uint32_t max_conversations =
    10000; ///< in memory; beyond it the longest idle are left to the store
  std::chrono::milliseconds passivate_after{60000};
  std::uint32_t restart_max = 3;
  std::chrono::milliseconds restart_window{30000};
  std::uint32_t history_limit = 20; ///< messages that a conversation keeps at hand
  std::uint32_t retry_attempts = 3; ///< tries in all, per provider call
  std::chrono::milliseconds retry_base{50};
  std::chrono::milliseconds rate_limit_retry_base{1000};
  std::chrono::milliseconds retry_cap{5000};
  conduct_settings conduct;
  cost_settings costs;
  std::uint32_t read_cache_bytes = 16U * 1024 * 1024;
  std::chrono::milliseconds read_cache_ttl{600000};
  cache_settings cache;
  std::uint32_t max_reply_bytes = 1024 * 1024; ///< longest model answer
  /// How long a provider's list of models is believed, and how long is waited for it.
  std::chrono::milliseconds model_list_ttl{60000};
  std::chrono::milliseconds model_list_timeout{2000};
  std::uint32_t worker_threads = 0; ///< 0: as many as cores, at least 2
  session_settings sessions;
  /// Conversations silent for longer are deleted, a few at a time; 0: kept for ever.
  std::chrono::milliseconds keep_conversations{0};
};

/// A configured provider with the limits that its actor keeps.
struct provider_entry {
  std::shared_ptr<model_provider> provider;
  std::uint32_t max_concurrent = 64; ///< attempts at once
  std::uint32_t max_waiting = 256;   ///< attempts waiting for a free place; more are refused
  std::chrono::milliseconds attempt_timeout{0}; ///< 0: core_settings::attempt_timeout
  /// From an attempt's start until the first token of a stream; 0: as long as the attempt may take.
  std::chrono::milliseconds first_token_timeout{0};
  rate_limits rate;
  /// Model per tier: {"fast", …}, {"default", …}, {"strong", …}; one that is missing is the
  /// default tier's, and that one the provider's default.
  std::vector<std::pair<std::string, std::string>> tier_models;
  std::string long_model; ///< for prompts that do not fit the others; empty: none
  unknown_price unknown = unknown_price::free; ///< how its models are charged that have no price
  /// What its configuration adds to each answer, for the cache's key: its server, how much it
  /// thinks. No secret.
  std::string identity;
  /// Differs where its server, keys or headers do: what is known of its health then begins anew. No
  /// secret.
  std::string access_identity;
};

/// How the model of the fast tier is asked, beside `model_routing::tuning`.
struct fast_tier {
  std::uint32_t max_tokens = 0; ///< longest answer; 0: as on any tier
  std::uint32_t num_ctx = 0;    ///< of a local model; 0: as on any tier
  std::optional<double> temperature;
  std::vector<std::string> stop;
};

/// Which provider and model a call goes to, by configuration.
struct model_routing {
  std::string provider;               ///< the primary's name
  std::vector<std::string> fallbacks; ///< in order; tried when the primary is unavailable
  /// Model per tier, for a primary that has none of its own in its entry.
  std::vector<std::pair<std::string, std::string>> tier_models;
  model_tuning tuning;  ///< defaults below the agent's own
  bool by_task = false; ///< the table of tasks picks the primary where it can
  task_table tasks;     ///< its limits apply in any case
  /// False where the primary answers without a model, which never stands in for one that failed.
  bool primary_stands_in = true;
  bool by_complexity = false; ///< simple messages take the fast tier, complex ones the strong one
  fast_tier fast;             ///< only where its model is another one than the default tier's
};

struct assembly {
  core_settings core;
  std::vector<agent_spec> agents; ///< in configured order
  std::shared_ptr<const agent_library> library;
  router_config router;
  shop_rules rules;
  std::vector<provider_entry> providers;
  model_routing models;
  price_list prices;
  /// Null: conversations are kept in memory only and skills see an empty shop.
  std::shared_ptr<store_port> store;
  /// Null: no door can import.
  std::shared_ptr<importer_port> importer;
  /// Null: answers are kept in memory only.
  std::shared_ptr<second_cache> second;
  /// Null: no door can have the configuration read anew.
  std::shared_ptr<reloader_port> reloader;
  std::uint64_t seed = 0; ///< 0: randomness and ids are the operating system's
  std::string version;
  std::vector<std::string> features;
};

} // namespace flipsync
