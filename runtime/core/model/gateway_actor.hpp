#pragma once
/// The model gateway: between agents and providers.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/model/call_walk.hpp"
#include "runtime/core/model/progress_bell.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct gateway_config {
  std::shared_ptr<const environment> env;
};

/// A call enters (`take_in`), is routed to a chain of providers and models, and walks it: tries,
/// waits, tries again, goes on. Every attempt re-checks the turn first. The attempts are listed
/// whatever the end. What is decided stands in `plan_chain` and `call_walk`; here it is done.
class gateway_state {
public:
  static inline const char* name = "flipsync.gateway";

  gateway_state(gateway_actor::pointer self, gateway_config config);
  ~gateway_state();
  gateway_actor::behavior_type make_behavior();

private:
  /// An attempt under way.
  struct running_attempt {
    std::uint64_t number = 0;
    std::size_t route = 0;
    mono_time began{};
    std::shared_ptr<cancel_scope> scope; ///< its own where calls are hedged, else the call's
    std::shared_ptr<attempt_cost> cost;  ///< null where the model costs nothing
  };
  struct running_call {
    running_call(model_call_ptr c, call_walk w) : call{std::move(c)}, walk{std::move(w)} {}

    model_call_ptr call;
    call_walk walk;
    caf::typed_response_promise<model_outcome_ptr> done;
    std::vector<running_attempt> running; ///< one, or two where it is hedged
    std::vector<attempt> attempts;        ///< that have ended
    std::string provider;                 ///< of the attempt that answered, or failed last
    error last_error;                     ///< of the last attempt that failed
    usd cost;                             ///< of the attempt that answered
    usd wasted;                           ///< of those that failed
    bool tokens_sent = false;
    bool hedged = false;
    std::shared_ptr<token_gate> gate; ///< only where calls are hedged
    std::uint64_t listener = 0;
    alarm_queue::ticket pause;
    alarm_queue::ticket hedge;
    std::shared_ptr<progress_bell> bell;
  };

  caf::result<model_outcome_ptr> take_in(const model_call_ptr& call);
  [[nodiscard]] call_walk walk_of(const model_call& call) const;
  /// Starts the next attempt, or waits for it, or ends the call.
  void go_on(std::uint64_t number);
  /// False where what it may cost cannot be set aside; the route is closed then.
  bool start_attempt(std::uint64_t number, std::size_t route);
  void start_hedge(std::uint64_t number);
  void attempt_ended(std::uint64_t number, std::uint64_t attempt, const flight_outcome& outcome);
  void note_end(running_call& call, const running_attempt& ended, const flight_outcome& outcome);
  alarm_queue::ticket wake_later(std::uint64_t number, mono_time at, bool for_hedge);
  void finish(std::uint64_t number, error why, const model_reply* reply);
  void remember_silent(std::uint64_t turn, std::size_t provider);

  gateway_actor::pointer self_;
  gateway_config config_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_attempt_ = 0;
  std::map<std::uint64_t, running_call> calls_;
  /// Turn and provider of routes that were silent; bounded, the oldest turns go first.
  std::set<std::pair<std::uint64_t, std::size_t>> silent_;
};

} // namespace flipsync
