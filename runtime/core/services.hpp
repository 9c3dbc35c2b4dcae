#pragma once
/// What every actor of a runtime may use: the parts that never change, and the handles that may.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/agent/reading_cache.hpp"
#include "runtime/core/assembly.hpp"
#include "runtime/core/cache/answer_cache.hpp"
#include "runtime/core/cache/turn_cache.hpp"
#include "runtime/core/change_bell.hpp"
#include "runtime/core/crash_ledger.hpp"
#include "runtime/core/latency_record.hpp"
#include "runtime/core/metrics.hpp"
#include "runtime/core/model/cost_metrics.hpp"
#include "runtime/core/model/model_metrics.hpp"
#include "runtime/core/model/provider_health.hpp"
#include "runtime/core/model/provider_places.hpp"
#include "runtime/core/ports/clock.hpp"
#include "runtime/core/store/commit_watch.hpp"
#include "runtime/core/store/read_cache.hpp"
#include "runtime/core/turn/alarm_queue.hpp"

namespace flipsync {

/// Counters of one agent that outlive its restarts. Thread-safe.
struct agent_counters {
  std::atomic<std::uint64_t> in_flight = 0;
  std::atomic<std::uint64_t> turns = 0;
  std::atomic<std::uint64_t> failures = 0;
  std::atomic<std::uint64_t> restarts = 0;
  std::atomic<bool> paused = false; ///< by an operator: new turns are refused
  latency_record latency;
};

/// What is known of one provider from its attempts, restarts of its actor included. Thread-safe.
struct provider_counters {
  provider_counters() = default;
  provider_counters(const conduct_settings& settings, rate_limits rate, std::size_t keys)
    : health{settings, rate, keys} {}

  latency_record latency;     ///< of answered attempts
  latency_record first_token; ///< of answered streams
  std::atomic<errc> last_outcome = errc::none;
  std::atomic<std::uint64_t> attempts = 0;
  std::atomic<std::uint64_t> failures = 0;
  std::shared_ptr<provider_places> places = std::make_shared<provider_places>();
  provider_health health;
};

/// What a turn works with, as of its beginning: a new configuration makes another one, which shares
/// with the old what lives on. Everything in it is immutable or thread-safe.
struct environment {
  core_settings settings;
  std::shared_ptr<clock_port> clock;
  std::shared_ptr<alarm_queue> alarms;
  std::shared_ptr<random_port> random;
  std::shared_ptr<const agent_library> library;
  std::vector<std::shared_ptr<const agent_spec>> agents; ///< in configured order
  std::vector<std::shared_ptr<agent_counters>> counters; ///< counters[i] belongs to agents[i]
  std::shared_ptr<const intent_router> router;
  shop_rules rules;
  model_routing models;
  std::vector<provider_entry> providers;
  std::shared_ptr<const price_list> prices;
  std::shared_ptr<cost_ledger> ledger;
  std::shared_ptr<cost_metrics> cost_meters;
  std::vector<std::shared_ptr<provider_counters>> provider_state; ///< [i] belongs to providers[i]
  std::shared_ptr<store_port>
    store; ///< only its `catalogue_version` may be called outside the store actor
  std::shared_ptr<commit_watch> commits; ///< of `store`
  std::shared_ptr<read_cache> reads;
  std::shared_ptr<reading_cache> readings; ///< by `router` and `rules`
  std::shared_ptr<answer_cache> answers;
  std::shared_ptr<turn_cache> turns;
  std::shared_ptr<core_metrics> metrics;
  std::shared_ptr<model_metrics> model_meters;
  std::shared_ptr<crash_ledger> crashes;
  /// Rung when an agent goes up or down, or takes up or ends a turn.
  std::shared_ptr<change_bell> agents_bell;
  /// True where one thread runs everything in virtual time, so that nothing may be detached.
  bool virtual_time = false;

  /// Index of an agent by its canonical name; npos if there is none.
  [[nodiscard]] std::size_t index_of(std::string_view agent) const noexcept;
  /// Those whose answers a shopper may read: the others' may hold costs.
  [[nodiscard]] std::vector<std::string> shopper_agents() const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// Holds the latest of something immutable. Thread-safe.
template <class T>
class board {
public:
  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::lock_guard lock{mutex_};
    return current_;
  }
  void publish(std::shared_ptr<const T> next) {
    const std::lock_guard lock{mutex_};
    current_.swap(next);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> current_;
};

using words_board = board<vocabulary>;
/// Where the engine publishes what a new configuration comes to.
using environment_board = board<environment>;
struct services;
/// Where the supervisor publishes the services of the moment.
using services_board = board<services>;

/// Handles as of one moment; replaced as a whole when an actor is restarted or given up. A null
/// handle means down.
struct services {
  std::shared_ptr<const environment> env;
  std::vector<agent_actor> agents;       ///< agents[i] runs env->agents[i]
  std::vector<provider_actor> providers; ///< providers[i] wraps env->providers[i]
  gateway_actor gateway;
  store_actor store;   ///< null as well where the environment has none
  survey_actor survey; ///< likewise
  std::shared_ptr<words_board> words_at;

  /// The catalogue's words as last loaded; null before the first load.
  [[nodiscard]] vocabulary_ptr words() const { return words_at->get(); }
  void publish_words(const vocabulary_ptr& words) const { words_at->publish(words); }
};

} // namespace flipsync
