#pragma once
/// Metrics of model calls, in CAF's registry beside the core's others. Where OpenTelemetry's
/// conventions for generative AI have a name, it is theirs (gen_ai.client.operation.duration,
/// gen_ai.server.time_to_first_token, gen_ai.client.token.usage), in Prometheus' spelling.

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/provider_health.hpp"
#include "runtime/core/types/turn_reply.hpp"

namespace caf {
class actor_system;
namespace telemetry {
template <class Value>
class histogram;
} // namespace telemetry
} // namespace caf

namespace flipsync {

/// Models that have metrics of their own; further ones share one, since each label lives as long as
/// the process.
inline constexpr std::size_t most_models_shown = 64;

/// What a provider's actor has under way.
struct provider_load {
  std::uint32_t running = 0;
  std::uint32_t waiting = 0;
};

/// Thread-safe. Lives as long as the actor system it was made for.
class model_metrics {
public:
  explicit model_metrics(caf::actor_system& system);
  ~model_metrics();
  model_metrics(const model_metrics&) = delete;
  model_metrics& operator=(const model_metrics&) = delete;

  /// One attempt, with the model that was asked for; `first_token` is 0 where none was streamed.
  void attempt_ended(std::string_view asked_model, const attempt& tried,
                     std::chrono::microseconds first_token, const token_usage& tokens);
  void attempt_failed(std::string_view provider, fault what);
  void retried(std::string_view provider);
  void hedged(std::string_view provider);
  /// Sets the gauges of one provider.
  void show(std::string_view provider, const health_snapshot& health, provider_load load);

private:
  struct families;
  struct meters;
  struct named_meters {
    std::string provider;
    std::string model;
    std::unique_ptr<meters> own;
  };
  caf::telemetry::histogram<double>* duration_of(std::string_view provider, std::string_view model,
                                                 std::string_view error);
  const meters& meters_of(std::string_view provider, std::string_view asked_model);
  /// The name as a label: bounded, since a caller may name any model.
  std::string_view label_of(std::string_view model);

  std::unique_ptr<families> families_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> models_;
  std::vector<named_meters> meters_;
};

} // namespace flipsync
