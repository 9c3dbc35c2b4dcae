#pragma once
/// Leaves alone what keeps failing, and lets it come back carefully: pure.

#include <cstdint>

#include "runtime/core/model/conduct_settings.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Opens after so many failures in a row, or when so large a part of a full window failed. Once it
/// has been open for its time, one probe is let through: its success closes the breaker, its
/// failure keeps it open for as long again. After closing, the concurrency that it allows begins at
/// one and grows by one with each success, until the limit is reached that it was asked about.
/// Source: PROVIDERS, conduct under fault.
class circuit_breaker {
public:
  enum class state : std::uint8_t { closed, open, half_open };

  explicit circuit_breaker(breaker_settings settings = {}) : settings_{settings} {}

  [[nodiscard]] state at(mono_time now) const noexcept;
  /// True if an attempt may begin: closed, or half-open with no probe under way.
  [[nodiscard]] bool admits(mono_time now) const noexcept;
  /// Notes an attempt that begins; where half-open, it is the probe. Of a probe whose end is never
  /// heard nothing is expected any more once the breaker's time has passed again.
  void began(mono_time now) noexcept;
  /// An attempt that began at `began` has answered.
  void succeeded(mono_time began) noexcept;
  /// An attempt that began at `began` has failed by the guarded one's fault.
  void failed(mono_time began, mono_time now) noexcept;
  /// An attempt ended and says nothing: cancelled, or not the guarded one's fault.
  void abandoned(mono_time began) noexcept;

  /// Attempts that it allows at once, at most `max`.
  [[nodiscard]] std::uint32_t allowed(std::uint32_t max) const noexcept;
  [[nodiscard]] std::uint32_t failures_in_a_row() const noexcept { return in_a_row_; }
  /// When a probe may begin; only meant while open.
  [[nodiscard]] mono_time probe_at() const noexcept { return opened_at_ + settings_.open_for; }

private:
  void note(bool failed) noexcept;
  [[nodiscard]] bool too_many() const noexcept;
  void open(mono_time now) noexcept;
  [[nodiscard]] bool probing(mono_time now) const noexcept;

  breaker_settings settings_;
  bool open_ = false;
  bool probe_ = false;
  mono_time opened_at_{};
  mono_time probe_at_{};
  std::uint32_t in_a_row_ = 0;
  std::uint32_t ramp_ = 0;     ///< attempts allowed at once after closing; 0: no limit of ours
  std::uint64_t outcomes_ = 0; ///< the last ones, one bit each, 1 is a failure, newest lowest
  std::uint32_t noted_ = 0;    ///< bits of `outcomes_` that mean something
};

/// "closed", "open" or "half_open".
const char* to_string(circuit_breaker::state s) noexcept;

} // namespace flipsync
