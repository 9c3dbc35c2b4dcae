#include "runtime/core/model/circuit_breaker.hpp"

#include <algorithm>
#include <bit>

namespace flipsync {

namespace {

constexpr std::uint32_t widest_window = 64;

std::uint32_t width_of(const breaker_settings& settings) noexcept {
  return std::clamp<std::uint32_t>(settings.window, 1, widest_window);
}

} // namespace

circuit_breaker::state circuit_breaker::at(mono_time now) const noexcept {
  if (!open_)
    return state::closed;
  return now >= probe_at() ? state::half_open : state::open;
}

bool circuit_breaker::admits(mono_time now) const noexcept {
  switch (at(now)) {
  case state::closed:
    return true;
  case state::open:
    return false;
  case state::half_open:
    return !probing(now);
  }
  return false;
}

void circuit_breaker::began(mono_time now) noexcept {
  if (at(now) != state::half_open || probing(now))
    return;
  probe_ = true;
  probe_at_ = now;
}

void circuit_breaker::succeeded(mono_time began) noexcept {
  if (!open_) {
    note(false);
    if (ramp_ > 0)
      ++ramp_;
    return;
  }
  // One that began before the breaker opened says nothing about now.
  if (began < opened_at_)
    return;
  open_ = false;
  probe_ = false;
  in_a_row_ = 0;
  noted_ = 0;
  outcomes_ = 0;
  ramp_ = 1;
}

void circuit_breaker::failed(mono_time began, mono_time now) noexcept {
  if (!open_) {
    note(true);
    if (in_a_row_ >= settings_.consecutive || too_many())
      open(now);
    return;
  }
  if (began >= probe_at())
    open(now);
}

void circuit_breaker::abandoned(mono_time began) noexcept {
  if (probe_ && began >= probe_at_)
    probe_ = false;
}

std::uint32_t circuit_breaker::allowed(std::uint32_t max) const noexcept {
  return ramp_ == 0 ? max : std::min(max, ramp_);
}

void circuit_breaker::note(bool failed) noexcept {
  in_a_row_ = failed ? in_a_row_ + 1 : 0;
  outcomes_ = (outcomes_ << 1U) | (failed ? 1U : 0U);
  noted_ = std::min(noted_ + 1, width_of(settings_));
}

bool circuit_breaker::too_many() const noexcept {
  const auto width = width_of(settings_);
  if (noted_ < width)
    return false;
  const auto mask = width == widest_window ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  const auto failures = static_cast<std::uint32_t>(std::popcount(outcomes_ & mask));
  return failures * 100 >= settings_.percent * width;
}

void circuit_breaker::open(mono_time now) noexcept {
  open_ = true;
  probe_ = false;
  opened_at_ = now;
  ramp_ = 0;
}

bool circuit_breaker::probing(mono_time now) const noexcept {
  return probe_ && now < probe_at_ + settings_.open_for;
}

const char* to_string(circuit_breaker::state s) noexcept {
  switch (s) {
  case circuit_breaker::state::closed:
    return "closed";
  case circuit_breaker::state::open:
    return "open";
  case circuit_breaker::state::half_open:
    return "half_open";
  }
  return "closed";
}

} // namespace flipsync
