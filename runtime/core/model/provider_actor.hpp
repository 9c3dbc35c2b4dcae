#pragma once
/// The actor around one model provider.

#include <deque>
#include <memory>
#include <unordered_map>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

class flight;

struct provider_actor_config {
  std::shared_ptr<const environment> env;
  std::size_t index = 0; ///< into environment::providers
};

/// Keeps the provider's concurrency limit, with other actors of it, and its bounded queue; every
/// attempt is a flight that hands tokens straight to the turn's guard and is cancelled by the
/// attempt's scope.
class provider_actor_state {
public:
  static inline const char* name = "flipsync.provider";

  provider_actor_state(provider_actor::pointer self, provider_actor_config config);
  ~provider_actor_state();
  provider_actor::behavior_type make_behavior();

private:
  struct job {
    std::uint64_t number = 0;
    attempt_order_ptr order;
    caf::typed_response_promise<flight_outcome_ptr> done;
    std::uint64_t listener = 0; ///< at the attempt's scope
    std::shared_ptr<flight> running;
  };

  void take_off(job& entry);
  void settle(std::uint64_t number, flight_outcome_ptr outcome);
  void start_waiting();
  /// Shows how much runs and waits to who asks from outside.
  void show_load();
  [[nodiscard]] const provider_entry& entry() const;
  [[nodiscard]] provider_counters& state() const;
  /// Why the order is not taken; ok if it may run or wait.
  [[nodiscard]] result<void> admit(const attempt_order& order) const;
  [[nodiscard]] flight_outcome_ptr refused(const attempt_order& order, error why) const;

  provider_actor::pointer self_;
  provider_actor_config config_;
  std::uint64_t last_number_ = 0;
  provider_places::share places_;
  std::unordered_map<std::uint64_t, job> jobs_;
  std::deque<std::uint64_t> waiting_;
};

} // namespace flipsync
