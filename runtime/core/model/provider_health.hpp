#pragma once
/// What is known of one provider's health and limits, from all its attempts: breakers, refused key,
/// asked-for pauses, retry bucket and rate windows. It outlives the actors.

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/model/circuit_breaker.hpp"
#include "runtime/core/model/conduct_settings.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/model/rate_window.hpp"
#include "runtime/core/model/retry_bucket.hpp"

namespace flipsync {

/// Why a provider is not asked now.
enum class shut_out : std::uint8_t { no, breaker, key };

/// What a call may expect of a provider and a model.
struct health_outlook {
  shut_out out = shut_out::no;
  mono_time not_before{}; ///< the provider asked for a pause until then, or its minute is full
};

/// What operators see.
struct health_snapshot {
  using breaker_state = circuit_breaker::state;
  breaker_state breaker = breaker_state::closed;             ///< of the provider itself
  std::vector<std::pair<std::string, breaker_state>> models; ///< breakers that are not closed
  bool key_refused = false;
  double bucket = 0;                    ///< tokens that retries and hedges may draw on
  std::chrono::milliseconds resting{0}; ///< of a pause that the provider asked for
  std::uint32_t waiting_for_rate = 0;
  std::uint64_t attempts = 0;
  std::uint64_t retries = 0;
  std::uint64_t hedges = 0;
  std::array<std::uint64_t, fault_kinds> failures{}; ///< by fault; [none] is 0
};

/// Thread-safe.
class provider_health {
public:
  explicit provider_health(const conduct_settings& settings = {}, rate_limits rate = {});

  /// May a call of so many tokens go there? Looks only.
  [[nodiscard]] health_outlook look(std::string_view model, std::uint32_t tokens,
                                    mono_time now) const;
  /// Notes that an attempt begins. Where a breaker is half-open this is its probe: false, and
  /// nothing is noted, if another probe is under way and `insist` is not set.
  bool begin(std::string_view model, mono_time now, bool insist);
  /// Notes how an attempt that began at `began` ended.
  void end(std::string_view model, mono_time began, mono_time now, const error& why);
  /// Takes a place in the provider's minute; nullopt if it would come later than `latest`.
  std::optional<mono_time> take_place(std::uint32_t tokens, mono_time now, mono_time latest);
  /// Sets what the call with that place has used; 0 for a call that was not made.
  void settle_place(mono_time at, std::uint32_t expected, std::uint32_t used);
  /// A key that was refused may be tried again: it has been changed, or an operator says so.
  void lift_key();
  /// Draws on the bucket for a retry, or for a hedge.
  bool draw(bool hedge);
  [[nodiscard]] bool can_draw() const;
  /// Attempts at once that the breaker of the provider and the model allow, at most `max`.
  [[nodiscard]] std::uint32_t allowed(std::string_view model, std::uint32_t max) const;

  [[nodiscard]] health_snapshot snapshot(mono_time now) const;

private:
  struct model_breaker {
    std::string model;
    circuit_breaker breaker;
  };
  /// Of the model alone; null where it has never failed.
  [[nodiscard]] const circuit_breaker* breaker_of(std::string_view model) const noexcept;
  circuit_breaker* breaker_of(std::string_view model) noexcept;
  circuit_breaker& make_breaker(std::string_view model);
  [[nodiscard]] bool admits(std::string_view model, mono_time now) const noexcept;
  [[nodiscard]] bool key_is_out(mono_time now) const noexcept;

  conduct_settings settings_;
  mutable std::mutex mutex_;
  circuit_breaker whole_;
  /// Of models that have failed; bounded, since a caller may name any model.
  std::vector<model_breaker> models_;
  retry_bucket bucket_;
  rate_window rate_;
  std::optional<mono_time> key_refused_at_;
  mono_time rests_until_{};
  std::uint64_t attempts_ = 0;
  std::uint64_t retries_ = 0;
  std::uint64_t hedges_ = 0;
  std::array<std::uint64_t, fault_kinds> failures_{};
};

} // namespace flipsync
