#pragma once
/// One call's way along its chain of routes: which attempt comes next, and when. Knows neither
/// actors nor sockets; time and randomness come in as values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/model/chain_plan.hpp"
#include "runtime/core/model/key_rota.hpp"
#include "runtime/core/model/retry_policy.hpp"

namespace flipsync {

struct environment;

/// Not thread-safe. Asks and feeds the health of the providers as it goes.
class call_walk {
public:
  /// What to do next.
  struct step {
    enum class kind : std::uint8_t { start, wait, give_up };
    kind what = kind::give_up;
    std::size_t route = 0; ///< start: index into `routes`
    mono_time at{};        ///< wait: until then
  };

  call_walk(chain plan, const environment& env, std::uint32_t tokens);
  ~call_walk();
  call_walk(call_walk&&) noexcept = default;
  call_walk& operator=(call_walk&&) noexcept = default;
  call_walk(const call_walk&) = delete;
  call_walk& operator=(const call_walk&) = delete;

  [[nodiscard]] const std::vector<chain_route>& routes() const noexcept { return plan_.routes; }
  [[nodiscard]] const std::string& why() const noexcept { return plan_.why; }
  /// A provider that was silent in this turn is not asked again.
  void leave_out_provider(std::size_t provider);

  /// Decides, and for `start` notes the attempt with the provider's health. Call `ended` once for
  /// each start.
  step next(mono_time now, mono_time deadline);
  /// A second attempt beside the one at `running`, at another route that can go now; nullopt where
  /// there is none, or its provider's bucket gives nothing.
  std::optional<std::size_t> hedge(std::size_t running, mono_time now, mono_time deadline);
  /// How an attempt that began at `began` ended. True if the route was silent, so that the whole
  /// turn leaves it alone. `used` are the tokens that the provider reported.
  bool ended(std::size_t route, mono_time began, mono_time now, const error& why,
             std::uint32_t used, std::uint64_t random);
  /// The attempt that `next` or `hedge` let start at the route is not made, since it might cost
  /// more than may be spent; the route is closed.
  void too_dear(std::size_t route, mono_time now);
  /// The key that the attempt at the route goes out with.
  [[nodiscard]] std::size_t key_of(std::size_t route) const noexcept {
    return places_[route].where.key;
  }
  /// True if another route could answer now.
  [[nodiscard]] bool has_other(std::size_t route, mono_time now, mono_time deadline) const;
  /// Why no attempt can be made, where none has failed.
  [[nodiscard]] error refusal(mono_time now) const;

private:
  struct place {
    key_rota::place where; ///< its key is that of the last attempt
    bool taken = false;    ///< in the key's minute
    /// Attempts that ended in a fault of their key while another one may answer: no retries.
    std::uint32_t key_changes = 0;
    bool key_changed = false; ///< the next attempt is such
  };
  [[nodiscard]] std::vector<route_state> outlook(mono_time now) const;
  [[nodiscard]] std::optional<mono_time> begin(std::size_t route, mono_time now, mono_time deadline,
                                               bool hedge);
  /// When the attempt may go, by the minute of a key; nullopt if not before the deadline.
  [[nodiscard]] std::optional<mono_time> take_place(std::size_t route, mono_time now,
                                                    mono_time deadline);
  void give_back(std::size_t route, std::uint32_t used);
  [[nodiscard]] bool goes_on_with_other_key(std::size_t route, fault what, mono_time now);
  [[nodiscard]] bool is_last(std::size_t route) const noexcept;
  [[nodiscard]] bool opens_after_fast(std::size_t route, fault what) const noexcept;
  void give_to_usual_model(std::size_t fast, fault what);
  void open_longer(std::size_t failed);
  void close(std::size_t route, std::string_view because);
  void explain(std::size_t route, std::string_view because);
  void explain_passed_over(std::size_t chosen, mono_time now);

  chain plan_;
  const environment* env_;
  std::uint32_t tokens_;
  std::vector<route_state> states_; ///< states_[i] belongs to plan_.routes[i]
  std::vector<place> places_;       ///< likewise
  std::vector<bool> explained_;     ///< in `why`, that the route was passed over
};

} // namespace flipsync
