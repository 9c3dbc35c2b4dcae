#include "runtime/core/model/retry_policy.hpp"

#include <algorithm>

namespace flipsync {

namespace {

/// Faults that another try at the same provider may cure.
bool worth_retrying(const error& why) {
  if (why.code == errc::provider_unavailable || why.code == errc::rate_limited)
    return true;
  // What a provider garbled once it may say clearly the next time; a stream that was cut likewise.
  return why.code == errc::malformed_reply;
}

/// Faults that are the request's own, so that no other provider is asked (PROVIDERS: content
/// filter, context too long without a larger model).
bool final_everywhere(const error& why) {
  return why.code == errc::content_filtered || why.code == errc::cancelled
         || why.code == errc::invalid_request || why.code == errc::over_budget
         || why.code == errc::shutting_down || why.code == errc::context_too_long;
}

std::chrono::milliseconds backoff(const core_settings& settings, const retry_input& input) {
  if (input.why.retry_after)
    return *input.why.retry_after;
  const auto base =
    input.why.code == errc::rate_limited ? settings.rate_limit_retry_base : settings.retry_base;
  const auto doublings = std::min<std::uint32_t>(input.attempts - 1, 16);
  const auto ceiling =
    std::min(std::chrono::milliseconds{base * (1L << doublings)}, settings.retry_cap);
  if (ceiling.count() <= 0)
    return std::chrono::milliseconds{0};
  return std::chrono::milliseconds{input.random % static_cast<std::uint64_t>(ceiling.count() + 1)};
}

} // namespace

retry_decision decide(const core_settings& settings, const retry_input& input) {
  const auto elsewhere = input.more_providers ? next_step::next_provider : next_step::give_up;
  if (final_everywhere(input.why))
    return {next_step::give_up};
  if (!worth_retrying(input.why) || input.attempts >= settings.retry_attempts)
    return {elsewhere};
  const auto wait = backoff(settings, input);
  if (wait >= input.remaining)
    return {elsewhere};
  return {next_step::retry_same, wait};
}

} // namespace flipsync
