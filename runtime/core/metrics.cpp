#include "runtime/core/metrics.hpp"

#include <caf/actor_system.hpp>
#include <caf/telemetry/collector/prometheus.hpp>
#include <caf/telemetry/counter.hpp>
#include <caf/telemetry/gauge.hpp>
#include <caf/telemetry/histogram.hpp>
#include <caf/telemetry/metric_registry.hpp>

#include <array>
#include <mutex>
#include <vector>

#include "runtime/core/metric_text.hpp"

namespace flipsync {

namespace {

using registry = caf::telemetry::metric_registry;
using int_counter_family = caf::telemetry::metric_family_impl<caf::telemetry::int_counter>;
using dbl_histogram_family = caf::telemetry::metric_family_impl<caf::telemetry::dbl_histogram>;

constexpr std::array<double, 14> latency_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                0.1,    0.25,  0.5,    1,     2.5,  10,    30};

std::string_view outcome(errc code) { return code == errc::none ? "ok" : to_string(code); }

/// Instruments by the values of their labels, each looked up once in the registry, whose own search
/// compares labels one by one under a lock. Thread-safe; bounded, since labels are.
template <class T>
class instruments {
public:
  template <class Make>
  T* get(std::string_view first, std::string_view second, Make make) {
    const std::lock_guard lock{mutex_};
    for (const auto& known : known_)
      if (known.first == first && known.second == second)
        return known.instrument;
    T* made = make();
    known_.push_back({std::string{first}, std::string{second}, made});
    return made;
  }

private:
  struct entry {
    std::string first;
    std::string second;
    T* instrument;
  };
  std::mutex mutex_;
  std::vector<entry> known_;
};

} // namespace

struct core_metrics::families {
  registry& all;
  int_counter_family* turns;
  dbl_histogram_family* turn_seconds;
  int_counter_family* refused;
  int_counter_family* parts;
  int_counter_family* attempts;
  dbl_histogram_family* attempt_seconds;
  int_counter_family* cancelled;
  int_counter_family* tokens;
  int_counter_family* restarts;
  caf::telemetry::int_gauge* in_flight;
  caf::telemetry::int_gauge* conversations;
  int_counter_family* failed;
  caf::telemetry::int_gauge* sessions_open;
  caf::telemetry::int_gauge* sessions_held;
  caf::telemetry::int_gauge* kept_turns;
  instruments<caf::telemetry::int_counter> known_turns;
  instruments<caf::telemetry::dbl_histogram> known_seconds;
  instruments<caf::telemetry::int_counter> known_parts;
  instruments<caf::telemetry::int_counter> known_attempts;
  instruments<caf::telemetry::dbl_histogram> known_attempt_seconds;
  instruments<caf::telemetry::int_counter> known_tokens;
  std::mutex collecting;
  caf::telemetry::collector::prometheus collector;

  explicit families(registry& r)
    : all{r},
      turns{r.counter_family("flipsync", "turns", {"agent", "status"},
                             "Turns ended, by agent and status.", "1", true)},
      turn_seconds{r.histogram_family<double>("flipsync", "turn-duration", {"agent"},
                                              latency_bounds, "Time from acceptance to the end.",
                                              "seconds")},
      refused{r.counter_family("flipsync", "turns-refused", {"code"},
                               "Turns refused before they began.", "1", true)},
      parts{r.counter_family("flipsync", "parts", {"part", "status"},
                             "Parts of turns, by name and status.", "1", true)},
      attempts{r.counter_family("flipsync", "provider-attempts", {"provider", "outcome"},
                                "Attempts at providers, by outcome.", "1", true)},
      attempt_seconds{r.histogram_family<double>("flipsync", "provider-duration", {"provider"},
                                                 latency_bounds, "Time of one attempt.",
                                                 "seconds")},
      cancelled{r.counter_family("flipsync", "provider-calls-cancelled", {"provider"},
                                 "Attempts stopped because nobody waits for them any more.", "1",
                                 true)},
      tokens{r.counter_family("flipsync", "tokens", {"direction"},
                              "Tokens that providers reported, of answered calls.", "1", true)},
      restarts{r.counter_family("flipsync", "agent-restarts", {"agent"},
                                "Restarts of long-lived actors by the supervisor.", "1", true)},
      in_flight{r.gauge_singleton("flipsync", "turns-in-flight", "Turns accepted and not ended.")},
      conversations{
        r.gauge_singleton("flipsync", "live-conversations", "Conversations held in memory.")},
      failed{r.counter_family("flipsync", "turns-failed", {"code"},
                              "Turns that failed, by reason: cancelled is by the caller or its "
                              "leaving, deadline_exceeded by the time given.",
                              "1", true)},
      sessions_open{r.gauge_singleton("flipsync", "sessions-open", "Sessions of sockets, open.")},
      sessions_held{r.gauge_singleton("flipsync", "sessions-held",
                                      "Sessions that dropped and may still be resumed.")},
      kept_turns{r.gauge_singleton("flipsync", "turns-kept",
                                   "Turns whose events are kept for who resumes them.")} {}
};

core_metrics::core_metrics(caf::actor_system& system)
  : families_{std::make_unique<families>(system.metrics())} {}

core_metrics::~core_metrics() = default;

void core_metrics::turn_ended(const turn_reply& reply) {
  auto& all = *families_;
  const auto agent = reply.agent.empty() ? std::string_view{"none"} : std::string_view{reply.agent};
  const auto status = to_string(reply.status);
  all.known_turns
    .get(agent, status,
         [&] {
           return all.turns->get_or_add({{"agent", view(agent)}, {"status", view(status)}});
         })
    ->inc();
  all.known_seconds
    .get(agent, {},
         [&] {
           return all.turn_seconds->get_or_add({{"agent", view(agent)}});
         })
    ->observe(seconds(reply.timings.total));
  if (reply.why.code != errc::none)
    all.failed->get_or_add({{"code", view(to_string(reply.why.code))}})->inc();
  for (const auto& part : reply.parts)
    part_ended(part);
  count_tokens("in", reply.usage.in);
  count_tokens("out", reply.usage.out);
}

void core_metrics::part_ended(const part_report& part) {
  const auto status = to_string(part.status);
  families_->known_parts
    .get(
      part.name, status,
      [&] {
        return families_->parts->get_or_add({{"part", view(part.name)}, {"status", view(status)}});
      })
    ->inc();
}

void core_metrics::count_tokens(std::string_view direction, std::uint64_t count) {
  if (count == 0)
    return;
  families_->known_tokens
    .get(direction, {},
         [&] {
           return families_->tokens->get_or_add({{"direction", view(direction)}});
         })
    ->inc(static_cast<std::int64_t>(count));
}

void core_metrics::turn_refused(errc code) {
  families_->refused->get_or_add({{"code", view(to_string(code))}})->inc();
}

void core_metrics::attempt_ended(const attempt& tried) {
  auto& all = *families_;
  const auto how = outcome(tried.outcome);
  all.known_attempts
    .get(tried.provider, how,
         [&] {
           return all.attempts->get_or_add(
             {{"provider", view(tried.provider)}, {"outcome", view(how)}});
         })
    ->inc();
  all.known_attempt_seconds
    .get(tried.provider, {},
         [&] {
           return all.attempt_seconds->get_or_add({{"provider", view(tried.provider)}});
         })
    ->observe(seconds(tried.took));
}

void core_metrics::call_cancelled(const std::string& provider) {
  families_->cancelled->get_or_add({{"provider", view(provider)}})->inc();
}

void core_metrics::agent_restarted(const std::string& agent) {
  families_->restarts->get_or_add({{"agent", view(agent)}})->inc();
}

void core_metrics::turns_in_flight(std::int64_t now) { families_->in_flight->value(now); }

void core_metrics::live_conversations(std::int64_t now) { families_->conversations->value(now); }

void core_metrics::sessions(std::int64_t open, std::int64_t held, std::int64_t kept_turns) {
  families_->sessions_open->value(open);
  families_->sessions_held->value(held);
  families_->kept_turns->value(kept_turns);
}

std::uint64_t core_metrics::live_conversations() const {
  return static_cast<std::uint64_t>(families_->conversations->value());
}

std::string core_metrics::text() const {
  const std::lock_guard lock{families_->collecting};
  const auto text = families_->collector.collect_from(families_->all);
  return std::string{text.data(), text.size()};
}

} // namespace flipsync
