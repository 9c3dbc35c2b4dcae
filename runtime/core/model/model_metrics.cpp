#include "runtime/core/model/model_metrics.hpp"

#include <caf/actor_system.hpp>
#include <caf/telemetry/counter.hpp>
#include <caf/telemetry/gauge.hpp>
#include <caf/telemetry/histogram.hpp>
#include <caf/telemetry/metric_registry.hpp>

#include <algorithm>
#include <array>
#include <map>

#include "runtime/core/metric_text.hpp"

namespace flipsync {

namespace {

namespace telemetry = caf::telemetry;
using counters = telemetry::metric_family_impl<telemetry::int_counter>;
using gauges = telemetry::metric_family_impl<telemetry::int_gauge>;
using dbl_gauges = telemetry::metric_family_impl<telemetry::dbl_gauge>;
using dbl_histograms = telemetry::metric_family_impl<telemetry::dbl_histogram>;
using int_histograms = telemetry::metric_family_impl<telemetry::int_histogram>;

// The bounds that OpenTelemetry's conventions advise.
constexpr std::array<double, 14> duration_bounds{0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                                 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
constexpr std::array<double, 16> first_token_bounds{
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0};
constexpr std::array<std::int64_t, 14> token_bounds{
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

std::int64_t level_of(circuit_breaker::state breaker) {
  switch (breaker) {
  case circuit_breaker::state::closed:
    return 0;
  case circuit_breaker::state::half_open:
    return 1;
  case circuit_breaker::state::open:
    return 2;
  }
  return 0;
}

std::int64_t refused_keys(const health_snapshot& health) {
  if (health.keys.empty())
    return health.key_refused ? 1 : 0;
  return std::count_if(health.keys.begin(), health.keys.end(), [](const key_snapshot& key) {
    return key.what == key_snapshot::state::refused;
  });
}

} // namespace

struct model_metrics::families {
  dbl_histograms* duration;
  dbl_histograms* first_token;
  int_histograms* tokens;
  counters* failures;
  counters* retries;
  counters* hedges;
  gauges* breaker;
  gauges* models_out;
  gauges* key_refused;
  gauges* key_state;
  gauges* key_attempts;
  dbl_gauges* bucket;
  gauges* running;
  gauges* waiting;
  std::mutex mutex;
  /// Most keys that were shown of each provider: a gauge stays when its key has gone.
  std::map<std::string, std::size_t, std::less<>> keys_shown;

  explicit families(telemetry::metric_registry& all)
    : duration{all.histogram_family<double>(
      "gen_ai", "client-operation-duration",
      {"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"},
      duration_bounds, "Time of one attempt at a model.", "seconds")},
      first_token{all.histogram_family<double>(
        "gen_ai", "server-time-to-first-token",
        {"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"},
        first_token_bounds, "Time until the first token of a streamed answer.", "seconds")},
      tokens{all.histogram_family<std::int64_t>(
        "gen_ai", "client-token-usage",
        {"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model",
         "gen_ai_token_type"},
        token_bounds, "Tokens of one answered attempt, as the provider reported them.")},
      failures{all.counter_family("flipsync", "provider-failures", {"provider", "fault"},
                                  "Attempts that failed, by kind of fault.", "1", true)},
      retries{all.counter_family("flipsync", "provider-retries", {"provider"},
                                 "Attempts made again at the same provider.", "1", true)},
      hedges{all.counter_family("flipsync", "provider-hedges", {"provider"},
                                "Attempts made beside another provider's.", "1", true)},
      breaker{all.gauge_family("flipsync", "provider-breaker", {"provider"},
                               "State of the provider's breaker: 0 closed, 1 half-open, 2 open.")},
      models_out{all.gauge_family("flipsync", "provider-models-out", {"provider"},
                                  "Models of the provider whose breaker is not closed.")},
      key_refused{all.gauge_family("flipsync", "provider-key-refused", {"provider"},
                                   "Keys that the provider has refused.")},
      key_state{all.gauge_family(
        "flipsync", "provider-key-state", {"provider", "key"},
        "Each of several keys: 0 in use, 1 resting, 2 left alone after its failures, 3 refused.")},
      key_attempts{
        all.gauge_family("flipsync", "provider-key-attempts", {"provider", "key"},
                         "Attempts made with each of several keys since they were set.")},
      bucket{all.gauge_family<double>("flipsync", "provider-retry-tokens", {"provider"},
                                      "Tokens that retries and hedges may draw on.")},
      running{all.gauge_family("flipsync", "provider-attempts-running", {"provider"},
                               "Attempts under way.")},
      waiting{all.gauge_family("flipsync", "provider-attempts-waiting", {"provider"},
                               "Attempts that wait for a place or for the provider's minute.")} {}

  void show_keys(std::string_view provider, const std::vector<key_snapshot>& keys) {
    const std::lock_guard lock{mutex};
    auto known = keys_shown.find(provider);
    if (known == keys_shown.end()) {
      if (keys.empty())
        return;
      known = keys_shown.emplace(provider, 0).first;
    }
    known->second = std::max(known->second, keys.size());
    for (std::size_t i = 0; i < known->second; ++i) {
      const auto number = std::to_string(i + 1);
      const auto set = [&](gauges* family, std::int64_t value) {
        family->get_or_add({{"provider", view(provider)}, {"key", view(number)}})->value(value);
      };
      const auto seen = i < keys.size() ? keys[i] : key_snapshot{};
      set(key_state, static_cast<std::int64_t>(seen.what));
      set(key_attempts, static_cast<std::int64_t>(seen.attempts));
    }
  }
};

/// Of one provider and model, looked up once, since every attempt touches them.
struct model_metrics::meters {
  telemetry::dbl_histogram* answered;
  telemetry::dbl_histogram* first_token;
  telemetry::int_histogram* tokens_in;
  telemetry::int_histogram* tokens_out;
};

model_metrics::model_metrics(caf::actor_system& system)
  : families_{std::make_unique<families>(system.metrics())} {}

model_metrics::~model_metrics() = default;

void model_metrics::attempt_ended(std::string_view asked_model, const attempt& tried,
                                  std::chrono::microseconds first_token,
                                  const token_usage& tokens) {
  const auto took = seconds(tried.took);
  const std::lock_guard lock{mutex_};
  if (tried.outcome != errc::none) {
    duration_of(tried.provider, label_of(asked_model), to_string(tried.outcome))->observe(took);
    return;
  }
  const auto& own = meters_of(tried.provider, asked_model);
  own.answered->observe(took);
  if (first_token.count() > 0)
    own.first_token->observe(seconds(first_token));
  if (tokens.in > 0)
    own.tokens_in->observe(tokens.in);
  if (tokens.out > 0)
    own.tokens_out->observe(tokens.out);
}

caf::telemetry::dbl_histogram* model_metrics::duration_of(std::string_view provider,
                                                          std::string_view model,
                                                          std::string_view error) {
  return families_->duration->get_or_add({{"gen_ai_operation_name", "chat"},
                                          {"gen_ai_provider_name", view(provider)},
                                          {"gen_ai_request_model", view(model)},
                                          {"error_type", view(error)}});
}

const model_metrics::meters& model_metrics::meters_of(std::string_view provider,
                                                      std::string_view asked_model) {
  const auto found = std::find_if(meters_.begin(), meters_.end(), [&](const named_meters& known) {
    return known.provider == provider && known.model == asked_model;
  });
  if (found != meters_.end())
    return *found->own;
  const auto model = label_of(asked_model);
  if (model != asked_model)
    return meters_of(provider, model);
  const auto tokens = [&](std::string_view type) {
    return families_->tokens->get_or_add({{"gen_ai_operation_name", "chat"},
                                          {"gen_ai_provider_name", view(provider)},
                                          {"gen_ai_request_model", view(model)},
                                          {"gen_ai_token_type", view(type)}});
  };
  auto* first = families_->first_token->get_or_add({{"gen_ai_operation_name", "chat"},
                                                    {"gen_ai_provider_name", view(provider)},
                                                    {"gen_ai_request_model", view(model)}});
  auto own = std::make_unique<meters>(
    meters{duration_of(provider, model, {}), first, tokens("input"), tokens("output")});
  meters_.push_back({std::string{provider}, std::string{model}, std::move(own)});
  return *meters_.back().own;
}

void model_metrics::attempt_failed(std::string_view provider, fault what) {
  families_->failures->get_or_add({{"provider", view(provider)}, {"fault", view(to_string(what))}})
    ->inc();
}

void model_metrics::retried(std::string_view provider) {
  families_->retries->get_or_add({{"provider", view(provider)}})->inc();
}

void model_metrics::hedged(std::string_view provider) {
  families_->hedges->get_or_add({{"provider", view(provider)}})->inc();
}

void model_metrics::show(std::string_view provider, const health_snapshot& health,
                         provider_load load) {
  const auto set = [provider](auto* family, auto value) {
    family->get_or_add({{"provider", view(provider)}})->value(value);
  };
  set(families_->breaker, level_of(health.breaker));
  set(families_->models_out, static_cast<std::int64_t>(health.models.size()));
  set(families_->key_refused, refused_keys(health));
  families_->show_keys(provider, health.keys);
  set(families_->bucket, health.bucket);
  set(families_->running, std::int64_t{load.running});
  set(families_->waiting, std::int64_t{load.waiting} + health.waiting_for_rate);
}

std::string_view model_metrics::label_of(std::string_view model) {
  constexpr std::string_view other = "other";
  if (models_.find(model) != models_.end() || model == other)
    return model;
  if (models_.size() >= most_models_shown)
    return other;
  models_.emplace(model);
  return model;
}

} // namespace flipsync
