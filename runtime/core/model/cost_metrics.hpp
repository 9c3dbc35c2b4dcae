#pragma once
/// Metrics and log lines of what model calls cost, in CAF's registry beside the core's others.

#include <memory>

#include "runtime/core/model/cost_ledger.hpp"

namespace caf {
class actor_system;
} // namespace caf

namespace flipsync {

/// Thread-safe. Lives as long as the actor system it was made for.
class cost_metrics final : public cost_watcher {
public:
  explicit cost_metrics(caf::actor_system& system);
  ~cost_metrics() override;

  void charged(std::string_view provider, std::string_view model, usd amount, bool wasted) override;
  void refused(std::string_view limit) override;
  void reached(std::string_view limit, std::string_view tenant, unsigned percent, usd spent,
               usd of) override;
  /// Sets the gauges of the day.
  void show(const budget_view& budget);

private:
  struct families;
  std::string label_of(std::string_view model);
  std::unique_ptr<families> families_;
};

} // namespace flipsync
