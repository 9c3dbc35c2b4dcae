#pragma once
/// The model gateway: between agents and providers.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/model/progress_bell.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct gateway_config {
  std::shared_ptr<const environment> env;
};

/// Picks the chain of providers of a call and walks it: tries, waits, tries again, goes on. Every
/// attempt re-checks the turn first. The attempts are listed whatever the end.
class gateway_state {
public:
  static inline const char* name = "flipsync.gateway";

  gateway_state(gateway_actor::pointer self, gateway_config config);
  ~gateway_state();
  gateway_actor::behavior_type make_behavior();

private:
  struct running_call {
    model_call_ptr call;
    caf::typed_response_promise<model_outcome_ptr> done;
    std::vector<std::size_t> chain; ///< provider indices, primary first
    std::size_t at = 0;
    std::uint32_t attempts_here = 0;
    bool tokens_sent = false;
    std::vector<attempt> attempts;
    std::uint64_t listener = 0;
    alarm_queue::ticket backoff;
    std::shared_ptr<progress_bell> bell;
  };

  [[nodiscard]] std::vector<std::size_t> chain_of(const model_call& call) const;
  void begin_attempt(std::uint64_t number);
  void attempt_ended(std::uint64_t number, const flight_outcome& outcome);
  void wait_then_retry(std::uint64_t number, std::chrono::milliseconds wait);
  void finish(std::uint64_t number, error why, const model_reply* reply);

  gateway_actor::pointer self_;
  gateway_config config_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, running_call> calls_;
};

} // namespace flipsync
