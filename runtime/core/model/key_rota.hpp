#pragma once
/// A provider's keys: whose turn it is, and which of them are refused, rest or keep failing. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/model/circuit_breaker.hpp"
#include "runtime/core/model/conduct_settings.hpp"
#include "runtime/core/model/fault.hpp"
#include "runtime/core/model/rate_window.hpp"

namespace flipsync {

/// Why a provider is not asked now.
enum class shut_out : std::uint8_t { no, breaker, key };

/// What a call may expect of a provider and a model.
struct health_outlook {
  shut_out out = shut_out::no;
  mono_time not_before{}; ///< the provider asked for a pause until then, or its minute is full
};

/// One key as operators see it.
struct key_snapshot {
  enum class state : std::uint8_t { in_use, resting, left_alone, refused };
  state what = state::in_use;
  std::chrono::milliseconds resting{0};
  std::uint64_t attempts = 0;
  std::vector<std::string> models_out; ///< models whose breaker with this key is not closed
};
/// "in_use", "resting", "left_alone" or "refused".
std::string_view to_string(key_snapshot::state s) noexcept;

/// Each key has a minute of its own, a pause, a refusal, and a breaker for itself and for each
/// model that has failed with it. The keys go in turn; one that may not go now is passed over. A
/// provider that needs no key has one all the same. Source: PROVIDERS, conduct under fault.
class key_rota {
public:
  /// A call's place in the minute of a key.
  struct place {
    std::size_t key = 0;
    mono_time at{};
  };

  /// `keys` is at least 1.
  key_rota(std::size_t keys, const conduct_settings& settings, rate_limits rate);

  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  [[nodiscard]] bool unlimited() const noexcept { return keys_.front().rate.unlimited(); }

  /// What the best key has to offer a call of so many tokens.
  [[nodiscard]] health_outlook look(std::string_view model, std::uint32_t tokens,
                                    mono_time now) const;
  /// True if the key's breakers let a call through.
  [[nodiscard]] bool admits(std::size_t key, std::string_view model, mono_time now) const noexcept {
    return admits(keys_[key], model, now);
  }
  /// True if that key may go now, its minute aside.
  [[nodiscard]] bool may_go(std::size_t key, std::string_view model, mono_time now) const noexcept;
  /// The key that can go soonest, in turn where several can; `insist` takes one that fails rather
  /// than none. nullopt where all are refused, or none is let through.
  [[nodiscard]] std::optional<std::size_t> pick(std::string_view model, std::uint32_t tokens,
                                                mono_time now, bool insist) const;
  /// When that key can go: its pause is over and its minute has room.
  [[nodiscard]] mono_time ready_at(std::size_t key, std::uint32_t tokens, mono_time now) const;

  /// Takes a place in the minute of a key; nullopt if it would come later than `latest`.
  std::optional<place> take_place(std::string_view model, std::uint32_t tokens, mono_time now,
                                  mono_time latest);
  void settle_place(const place& taken, std::uint32_t expected, std::uint32_t used);

  /// Notes that an attempt begins with the key; the turn is the next one's.
  void began(std::size_t key, std::string_view model, mono_time now) noexcept;
  void succeeded(std::size_t key, std::string_view model, mono_time began) noexcept;
  /// `rest`: how long the key is not used now; 0: it may be at once.
  void failed(std::size_t key, std::string_view model, mono_time began, mono_time now, fault what,
              std::chrono::milliseconds rest);
  /// Refused keys may be tried again.
  void lift() noexcept;

  /// Attempts at once that the breakers allow, at most `max`.
  [[nodiscard]] std::uint32_t allowed(std::string_view model, std::uint32_t max) const noexcept;
  /// The best that a key's own breaker offers.
  [[nodiscard]] circuit_breaker::state breaker(mono_time now) const noexcept;
  /// Models that no key reaches, with the best that a breaker offers.
  [[nodiscard]] std::vector<std::pair<std::string, circuit_breaker::state>>
  models_out(mono_time now) const;
  /// True if one of them was refused and has not answered since.
  [[nodiscard]] bool any_refused() const noexcept;
  /// Until a key need not rest.
  [[nodiscard]] std::chrono::milliseconds resting(mono_time now) const noexcept;
  /// Calls that hold later places.
  [[nodiscard]] std::uint32_t waiting(mono_time now) const;
  [[nodiscard]] std::vector<key_snapshot> snapshot(mono_time now) const;

private:
  struct model_breaker {
    std::string model;
    circuit_breaker breaker;
  };
  struct one_key {
    circuit_breaker breaker;
    rate_window rate;
    std::vector<model_breaker> models{}; ///< of models that have failed; bounded
    std::optional<mono_time> refused_at{};
    mono_time rests_until{};
    std::uint64_t attempts = 0;
  };
  template <class Key>
  static auto* breaker_of(Key& key, std::string_view model) noexcept;
  circuit_breaker& make_breaker(one_key& key, std::string_view model);
  [[nodiscard]] bool is_out(const one_key& key, mono_time now) const noexcept;
  [[nodiscard]] static bool admits(const one_key& key, std::string_view model,
                                   mono_time now) noexcept;
  [[nodiscard]] static key_snapshot shown(const one_key& key, bool out, mono_time now);

  conduct_settings settings_;
  std::vector<one_key> keys_;
  std::size_t turn_ = 0; ///< whose turn it is
};

} // namespace flipsync
