#include "config/bind.hpp"
#include "config/option_tables.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {
namespace {

using s = settings;

} // namespace

void add_fault_conduct(std::vector<option>& table) {
  using g = conduct_values;
  table.push_back(
    bind<&s::conduct, &g::fallback_patience>(
      "models.fallback_patience",
      "Longest pause that is sat out at a provider while another one could answer already.")
      .between(0, 10 * minute));
  table.push_back(bind<&s::conduct, &g::retry_tokens>(
                    "models.retry_tokens",
                    "What a provider's retries and hedges draw on, one token each and none below "
                    "half, so that an outage does not multiply the load.")
                    .between(0, 1000));
  table.push_back(bind<&s::conduct, &g::retry_tokens_per_success>(
                    "models.retry_tokens_per_success", "Tokens that an answer puts back.")
                    .between(0, 100));
  table.push_back(
    bind<&s::conduct, &g::breaker_failures>(
      "models.breaker_failures",
      "Failures in a row after which a provider or a model is left alone, unless it is the last.")
      .between(1, 1000));
  table.push_back(bind<&s::conduct, &g::breaker_window>(
                    "models.breaker_window", "Last attempts of which the share of failures counts.")
                    .between(1, 64));
  table.push_back(bind<&s::conduct, &g::breaker_percent>(
                    "models.breaker_percent", "Share of failures in them after which it is too.")
                    .between(1, 100));
  table.push_back(bind<&s::conduct, &g::breaker_open_for>("models.breaker_open_for",
                                                          "Time until one call tries it again.")
                    .between(1, 60 * minute));
  table.push_back(bind<&s::conduct, &g::key_ejection>(
                    "models.key_ejection",
                    "Time for which a refused key is not used before a call tries it "
                    "again.")
                    .between(second, day));
  table.push_back(bind<&s::conduct, &g::hold_tokens>(
                    "models.hold_tokens",
                    "Tokens of a stream that are held back until the provider has proved itself, "
                    "so that an early fault is not seen; 0 holds none.")
                    .between(0, 10'000));
  table.push_back(bind<&s::conduct, &g::hedge_after>(
                    "models.hedge_after",
                    "Silence after which the next provider is asked beside the first, and the "
                    "faster one answers; 0 is never.")
                    .between(0, 10 * minute));
}

void add_routing(std::vector<option>& table) {
  using g = routing_values;
  table.push_back(bind<&s::routing, &g::mode>(
                    "routing.mode",
                    "primary asks models.provider first, by_task the provider of the table; auto "
                    "is by_task where neither models.provider nor models.model is set, the "
                    "profile asks a model, and two providers are configured.")
                    .one_of({"auto", "primary", "by_task"}));
  table.push_back(bind<&s::routing, &g::table>(
    "routing.table", "\"task: speed | quality | cost\": the provider of each, several "
                     "in order of preference; any is a message without a task."));
  table.push_back(bind<&s::routing, &g::limits>(
    "routing.limits", "\"task: max_tokens, temperature\" of an answer to that task."));
  table.push_back(bind<&s::routing, &g::by_complexity>(
    "routing.by_complexity", "Simple messages to agents of the default tier take the fast tier's "
                             "model, complex ones the strong tier's, where there are such."));
}

} // namespace flipsync::config
