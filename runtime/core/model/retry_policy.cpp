#include "runtime/core/model/retry_policy.hpp"

#include <algorithm>

namespace flipsync {

fault_conduct conduct_of(fault f, const core_settings& settings) noexcept {
  const auto tries = settings.retry_attempts;
  const auto twice = std::min<std::uint32_t>(tries, 2);
  switch (f) {
  case fault::rate_limited:
  case fault::server_error:
    return {.attempts = tries};
  case fault::unreachable:
    return {.attempts = twice};
  case fault::silent:
    return {.not_again_in_turn = true};
  case fault::slow_start:
    return {};
  // A stream that broke is told again from its beginning, by somebody else if there is one.
  case fault::stalled:
  case fault::cut:
  case fault::garbled:
    return {.attempts = twice, .rather_elsewhere = true};
  case fault::outrun:
    return {.counts = false};
  case fault::oversized:
  case fault::key_refused:
  case fault::quota_used_up:
  case fault::model_refused:
  case fault::request_refused:
  case fault::no_room:
  case fault::actor_down:
  case fault::context_too_long:
  case fault::outgrown:
  case fault::wordless: // the same limit would end it again
    return {};
  case fault::none:
  case fault::filtered:
  case fault::final_here:
    return {.elsewhere = false};
  }
  return {.elsewhere = false};
}

std::chrono::milliseconds wait_before_retry(const core_settings& settings, const error& why,
                                            std::uint32_t attempts, std::uint64_t random) noexcept {
  using std::chrono::milliseconds;
  if (why.retry_after)
    return std::max(*why.retry_after, milliseconds{0});
  const auto base =
    why.code == errc::rate_limited ? settings.rate_limit_retry_base : settings.retry_base;
  const auto doublings = std::min<std::uint32_t>(std::max<std::uint32_t>(attempts, 1) - 1, 16);
  const auto ceiling = std::min(milliseconds{base * (1L << doublings)}, settings.retry_cap);
  if (ceiling.count() <= 0)
    return milliseconds{0};
  return milliseconds{random % static_cast<std::uint64_t>(ceiling.count() + 1)};
}

std::optional<next_attempt> next_of(const std::vector<route_state>& routes, mono_time now,
                                    mono_time deadline, std::chrono::milliseconds patience) {
  const auto start_of = [now](const route_state& r) { return std::max(now, r.not_before); };
  std::optional<next_attempt> soonest;
  for (const bool last_resort : {false, true})
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const auto& route = routes[i];
      const auto at = start_of(route);
      if (route.closed || route.last_resort != last_resort || at >= deadline)
        continue;
      if (at <= now + patience)
        return next_attempt{i, at};
      if (!soonest || at < soonest->at)
        soonest = next_attempt{i, at};
    }
  return soonest;
}

} // namespace flipsync
