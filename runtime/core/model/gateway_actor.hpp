#pragma once
/// The model gateway: between agents and providers.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/core/actors.hpp"
#include "runtime/core/caf_compat.hpp"
#include "runtime/core/model/call_audience.hpp"
#include "runtime/core/model/call_walk.hpp"
#include "runtime/core/model/progress_bell.hpp"
#include "runtime/core/services.hpp"

namespace flipsync {

struct second_look;

struct gateway_config {
  std::shared_ptr<const environment> env;
};

/// A call enters (`take_in`) and is routed to a chain of providers and models. What is known
/// already answers it; an equal call under way takes it along; else it walks the chain: tries,
/// waits, tries again, goes on. Every attempt re-checks the turn first. The attempts are listed
/// whatever the end. What is decided stands in `plan_chain` and `call_walk`; here it is done.
///
/// Calls are equal where everything that determines their answers is, and the chain too. What ends
/// a shared call badly ends it for all who wait: it has had the time of the one with the most.
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
  /// Somebody who waits for a call; several do where equal calls share it.
  struct caller {
    std::uint64_t number = 0; ///< of the call, for who began it
    model_call_ptr call;
    caf::typed_response_promise<model_outcome_ptr> done;
    std::uint64_t listener = 0;
    std::shared_ptr<progress_bell> bell;
  };
  /// An answer that the fast tier's limit ended, for the case that nobody can tell it whole.
  struct cut_answer {
    flight_outcome outcome;
    std::size_t route = 0;
  };
  struct running_call {
    running_call(model_call_ptr c, call_walk w) : call{std::move(c)}, walk{std::move(w)} {}

    /// What ends it, and when at the latest: of all who wait, where it is shared.
    [[nodiscard]] const std::shared_ptr<cancel_scope>& scope() const {
      return audience ? audience->scope() : call->scope;
    }
    [[nodiscard]] mono_time deadline() const {
      return audience ? audience->deadline() : call->turn->guard->deadline();
    }

    model_call_ptr call; ///< of the first caller
    call_walk walk;
    std::vector<caller> callers;             ///< the first one pays
    std::shared_ptr<call_audience> audience; ///< null: nobody else may share it
    std::shared_ptr<second_look> look;       ///< set while the second cache is asked
    std::uint64_t number = 0;                ///< likewise: the call's own
    answer_place place;                      ///< where audience is set: of its first route
    std::string shared_as;                   ///< likewise
    std::size_t answered = 0;                ///< the route of the attempt that ended last
    std::vector<running_attempt> running;    ///< one, or two where it is hedged
    std::vector<attempt> attempts;           ///< that have ended
    std::string provider;                    ///< of the attempt that answered, or failed last
    error last_error;                        ///< of the last attempt that failed
    usd cost;                                ///< of the attempt that answered
    usd wasted;                              ///< of those that failed
    std::optional<cut_answer> cut;
    bool tokens_sent = false;
    bool hedged = false;
    std::shared_ptr<token_gate> gate; ///< only where calls are hedged
    alarm_queue::ticket pause;
    alarm_queue::ticket hedge;
  };

  // Who waits: gateway_callers.cpp.

  caf::result<model_outcome_ptr> take_in(const model_call_ptr& call);
  void enter(caller who);
  /// Has those who shared a call that its beginner could not pay begin anew without it.
  void begin_anew(running_call& refused, const model_outcome_ptr& outcome);
  /// Where the answer of that route belongs; nothing where the call must have one of its own.
  [[nodiscard]] std::optional<answer_place> place_of(const model_call& call,
                                                     const chain_route& route) const;
  /// Joins an equal call under way.
  bool join(const std::string& shared_as, caller& who);
  void begin(caller who, call_walk walk, std::optional<answer_place> place, std::string shared_as);
  void listen(running_call& to, caller& who);
  void look_further(std::uint64_t number, running_call& current);
  /// True where the second cache is still waited for, or has answered the call.
  bool looked_up(std::uint64_t number, running_call& current);
  void answer_kept(std::uint64_t number, const answer_cache::found_answer& found);
  void left(std::uint64_t number);
  /// After the first caller has left: who waits longest now pays for what is under way and follows.
  void pass_on_bill(running_call& current);
  void deliver(caller& who, model_outcome_ptr outcome);
  void deliver_all(running_call& ended, std::shared_ptr<model_outcome> outcome);
  static bool fell_to_usual_model(const running_call& ended);
  void keep(const running_call& ended, model_outcome& outcome);

  // What is done: gateway_actor.cpp.

  [[nodiscard]] call_walk walk_of(const model_call& call) const;
  /// Starts the next attempt, or waits for it, or ends the call.
  void go_on(std::uint64_t number);
  static void tell(const running_call& current, turn_event event);
  /// Says that what was streamed so far is void, and why.
  static void void_all(const running_call& current);
  alarm_queue::ticket wake_later(std::uint64_t number, mono_time at, bool for_hedge);
  void finish(std::uint64_t number, error why, const model_reply* reply);
  /// Of the attempt at that route, as attempt::key.
  [[nodiscard]] std::uint32_t key_number(const running_call& of, std::size_t route) const;

  // Its attempts: gateway_attempts.cpp.

  /// False where what it may cost cannot be set aside; the route is closed then.
  bool start_attempt(std::uint64_t number, std::size_t route);
  void start_hedge(std::uint64_t number);
  void attempt_ended(std::uint64_t number, std::uint64_t attempt, const flight_outcome& outcome);
  void note_end(running_call& call, const running_attempt& ended, const flight_outcome& outcome);
  /// Ends the call with what the fast tier left of an answer, as what it is.
  void give_cut_answer(std::uint64_t number);
  /// The route that the call waits for: of two the one that was asked first.
  [[nodiscard]] static std::size_t awaited(const running_call& of);
  /// Tells the callers' bells.
  static void show_awaited(const running_call& of);
  void remember_silent(std::uint64_t turn, std::size_t provider);

  gateway_actor::pointer self_;
  gateway_config config_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_attempt_ = 0;
  std::unordered_map<std::uint64_t, running_call> calls_;
  std::map<std::uint64_t, std::uint64_t> call_of_;        ///< by caller, of calls that are shared
  std::unordered_map<std::string, std::uint64_t> shared_; ///< calls that can be joined
  /// Turn and provider of routes that were silent; bounded, the oldest turns go first.
  std::set<std::pair<std::uint64_t, std::size_t>> silent_;
};

} // namespace flipsync
