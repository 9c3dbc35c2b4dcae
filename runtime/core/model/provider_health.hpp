#pragma once
/// What is known of one provider's health and limits, from all its attempts: its breaker, the retry
/// bucket, and its keys with what is known of each. It outlives the actors.

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
#include "runtime/core/model/key_rota.hpp"
#include "runtime/core/model/rate_window.hpp"
#include "runtime/core/model/retry_bucket.hpp"

namespace flipsync {

/// What operators see.
struct health_snapshot {
  using breaker_state = circuit_breaker::state;
  breaker_state breaker = breaker_state::closed;             ///< of the provider itself
  std::vector<std::pair<std::string, breaker_state>> models; ///< breakers that are not closed
  bool key_refused = false;                                  ///< its key, or one of several
  std::vector<key_snapshot> keys;                            ///< empty where there is only one
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
  /// `keys`: how many the provider has, at least 1.
  explicit provider_health(const conduct_settings& settings = {}, rate_limits rate = {},
                           std::size_t keys = 1);

  /// May a call of so many tokens go there? Looks only.
  [[nodiscard]] health_outlook look(std::string_view model, std::uint32_t tokens,
                                    mono_time now) const;
  /// Notes that an attempt begins and says with which key: the `wanted` one, else the one whose
  /// turn it is. Where a breaker is half-open this is its probe: nullopt, and nothing is noted, if
  /// another probe is under way and `insist` is not set.
  std::optional<std::size_t> begin(std::string_view model, mono_time now, bool insist,
                                   std::optional<std::size_t> wanted = {});
  /// Notes how an attempt with that key that began at `began` ended. `pause` is how long the call
  /// itself would wait before it tries again: of several keys the one that is limited rests so
  /// long.
  void end(std::size_t key, std::string_view model, mono_time began, mono_time now,
           const error& why, std::chrono::milliseconds pause = {});
  /// Takes a place in a key's minute; nullopt if it would come later than `latest`.
  std::optional<key_rota::place> take_place(std::string_view model, std::uint32_t tokens,
                                            mono_time now, mono_time latest);
  /// Sets what the call with that place has used; 0 for a call that was not made.
  void settle_place(const key_rota::place& taken, std::uint32_t expected, std::uint32_t used);
  /// False where the key should not be used now although a place in its minute was taken, and
  /// there are others.
  [[nodiscard]] bool place_holds(const key_rota::place& taken, std::string_view model,
                                 mono_time now) const;
  /// True if, after a fault of the `failed` key, another key of the provider may answer the call:
  /// at once, or later too where the failed one was refused.
  [[nodiscard]] bool has_other_key(std::size_t failed, fault of, std::string_view model,
                                   std::uint32_t tokens, mono_time now) const;
  [[nodiscard]] std::size_t keys() const noexcept { return keys_.size(); }
  /// Keys that were refused may be tried again: they have been changed, or an operator says so.
  void lift_keys();
  /// Draws on the bucket for a retry, or for a hedge.
  bool draw(bool hedge);
  [[nodiscard]] bool can_draw() const;
  /// Attempts at once that the breakers of the provider and the model allow, at most `max`.
  [[nodiscard]] std::uint32_t allowed(std::string_view model, std::uint32_t max) const;

  [[nodiscard]] health_snapshot snapshot(mono_time now) const;

private:
  [[nodiscard]] std::chrono::milliseconds rest_of(fault what, const error& why,
                                                  std::chrono::milliseconds pause) const;

  conduct_settings settings_;
  mutable std::mutex mutex_;
  circuit_breaker whole_;
  key_rota keys_;
  retry_bucket bucket_;
  std::uint64_t attempts_ = 0;
  std::uint64_t retries_ = 0;
  std::uint64_t hedges_ = 0;
  std::array<std::uint64_t, fault_kinds> failures_{};
};

} // namespace flipsync
