#include "runtime/core/model/cost_metrics.hpp"

#include <caf/actor_system.hpp>
#include <caf/telemetry/counter.hpp>
#include <caf/telemetry/gauge.hpp>
#include <caf/telemetry/metric_registry.hpp>

#include <set>

#include "runtime/core/log.hpp"
#include "runtime/core/metric_text.hpp"
#include "runtime/core/model/model_metrics.hpp"

namespace flipsync {

namespace {

namespace telemetry = caf::telemetry;
using counters = telemetry::metric_family_impl<telemetry::int_counter>;
using dbl_counters = telemetry::metric_family_impl<telemetry::dbl_counter>;
using dbl_gauges = telemetry::metric_family_impl<telemetry::dbl_gauge>;

double dollars(usd amount) { return static_cast<double>(amount.nanos) / 1e9; }

} // namespace

struct cost_metrics::families {
  dbl_counters* cost;
  dbl_counters* wasted;
  counters* refusals;
  counters* alerts;
  dbl_gauges* spent;
  dbl_gauges* reserved;
  dbl_gauges* limit;
  std::mutex mutex;
  std::set<std::string, std::less<>> models;

  explicit families(telemetry::metric_registry& all)
    : cost{all.counter_family<double>("flipsync", "model-cost-usd", {"provider", "model"},
                                      "Dollars that answers of models have cost.", "1", true)},
      wasted{all.counter_family<double>(
        "flipsync", "model-wasted-usd", {"provider", "model"},
        "Dollars that attempts without an answer are known to have cost.", "1", true)},
      refusals{all.counter_family("flipsync", "budget-refusals", {"limit"},
                                  "Model calls that a limit of cost refused.", "1", true)},
      alerts{all.counter_family("flipsync", "budget-alerts", {"limit", "percent"},
                                "Times that so many percent of a limit were spent.", "1", true)},
      spent{all.gauge_family<double>("flipsync", "budget-spent-usd", {"limit"},
                                     "Dollars spent today.")},
      reserved{all.gauge_family<double>("flipsync", "budget-reserved-usd", {"limit"},
                                        "Dollars set aside for calls under way.")},
      limit{all.gauge_family<double>("flipsync", "budget-limit-usd", {"limit"},
                                     "Dollars that may be spent; 0 is no limit.")} {}
};

cost_metrics::cost_metrics(caf::actor_system& system)
  : families_{std::make_unique<families>(system.metrics())} {}

cost_metrics::~cost_metrics() = default;

/// Bounded, since a caller may name any model.
std::string cost_metrics::label_of(std::string_view model) {
  const std::lock_guard lock{families_->mutex};
  auto& known = families_->models;
  if (known.find(model) == known.end()) {
    if (known.size() >= most_models_shown)
      return "other";
    known.emplace(model);
  }
  return std::string{model};
}

void cost_metrics::charged(std::string_view provider, std::string_view model, usd amount,
                           bool wasted) {
  const auto label = label_of(model);
  (wasted ? families_->wasted : families_->cost)
    ->get_or_add({{"provider", view(provider)}, {"model", view(label)}})
    ->inc(dollars(amount));
}

void cost_metrics::refused(std::string_view limit) {
  families_->refusals->get_or_add({{"limit", view(limit)}})->inc();
}

void cost_metrics::reached(std::string_view limit, std::string_view tenant, unsigned percent,
                           usd spent, usd of) {
  const auto share = std::to_string(percent);
  families_->alerts->get_or_add({{"limit", view(limit)}, {"percent", view(share)}})->inc();
  log::warn("budget", {{"limit", std::string{limit}},
                       {"tenant", std::string{tenant}},
                       {"percent", share},
                       {"spent_usd", to_decimal(spent)},
                       {"limit_usd", to_decimal(of)}});
}

void cost_metrics::show(const budget_view& budget) {
  for (const auto& line : budget.lines) {
    if (line.limit != "day")
      continue;
    families_->spent->get_or_add({{"limit", "day"}})->value(dollars(line.spent));
    families_->reserved->get_or_add({{"limit", "day"}})->value(dollars(line.reserved));
    families_->limit->get_or_add({{"limit", "day"}})->value(dollars(line.most));
  }
}

} // namespace flipsync
