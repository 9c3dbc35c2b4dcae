#include "runtime/core/model/provider_health.hpp"

#include <algorithm>

namespace flipsync {

namespace {

using breaker_state = circuit_breaker::state;

/// What holds where both a provider and its keys are asked.
breaker_state worse(breaker_state a, breaker_state b) noexcept {
  if (a == breaker_state::open || b == breaker_state::open)
    return breaker_state::open;
  return a == breaker_state::closed ? b : a;
}

} // namespace

provider_health::provider_health(const conduct_settings& settings, rate_limits rate,
                                 std::size_t keys)
  : settings_{settings},
    whole_{settings.breaker},
    keys_{keys, settings, rate},
    bucket_{settings.bucket} {}

health_outlook provider_health::look(std::string_view model, std::uint32_t tokens,
                                     mono_time now) const {
  const std::lock_guard lock{mutex_};
  auto seen = keys_.look(model, tokens, now);
  if (seen.out == shut_out::no && !whole_.admits(now))
    seen.out = shut_out::breaker;
  return seen;
}

std::optional<std::size_t> provider_health::begin(std::string_view model, mono_time now,
                                                  bool insist, std::optional<std::size_t> wanted) {
  const std::lock_guard lock{mutex_};
  if (!insist && !whole_.admits(now))
    return std::nullopt;
  auto key = wanted;
  if (!key || (!insist && !keys_.admits(*key, model, now)))
    key = keys_.pick(model, 0, now, insist);
  if (!key)
    return std::nullopt;
  whole_.began(now);
  keys_.began(*key, model, now);
  ++attempts_;
  return key;
}

void provider_health::end(std::size_t key, std::string_view model, mono_time began, mono_time now,
                          const error& why, std::chrono::milliseconds pause) {
  const auto what = fault_of(why);
  const std::lock_guard lock{mutex_};
  if (what != fault::none && what != fault::outrun && what != fault::final_here)
    ++failures_[static_cast<std::size_t>(what)];
  // It did answer.
  if (what == fault::none || what == fault::outgrown || what == fault::wordless) {
    bucket_.succeeded();
    whole_.succeeded(began);
    keys_.succeeded(key, model, began);
    return;
  }
  if (culprit_of(what) == culprit::provider)
    whole_.failed(began, now);
  else
    whole_.abandoned(began);
  keys_.failed(key, model, began, now, what, rest_of(what, why, pause));
}

std::optional<key_rota::place> provider_health::take_place(std::string_view model,
                                                           std::uint32_t tokens, mono_time now,
                                                           mono_time latest) {
  const std::lock_guard lock{mutex_};
  return keys_.take_place(model, tokens, now, latest);
}

void provider_health::settle_place(const key_rota::place& taken, std::uint32_t expected,
                                   std::uint32_t used) {
  const std::lock_guard lock{mutex_};
  keys_.settle_place(taken, expected, used);
}

bool provider_health::place_holds(const key_rota::place& taken, std::string_view model,
                                  mono_time now) const {
  if (keys_.size() == 1)
    return true;
  const std::lock_guard lock{mutex_};
  return keys_.may_go(taken.key, model, now);
}

bool provider_health::has_other_key(std::size_t failed, fault of, std::string_view model,
                                    std::uint32_t tokens, mono_time now) const {
  if (keys_.size() == 1 || !is_of_key(of))
    return false;
  const std::lock_guard lock{mutex_};
  const auto key = keys_.pick(model, tokens, now, false);
  return key && *key != failed
         && (of == fault::key_refused || keys_.ready_at(*key, tokens, now) <= now);
}

void provider_health::lift_keys() {
  const std::lock_guard lock{mutex_};
  keys_.lift();
}

bool provider_health::draw(bool hedge) {
  const std::lock_guard lock{mutex_};
  if (!bucket_.draw())
    return false;
  ++(hedge ? hedges_ : retries_);
  return true;
}

bool provider_health::can_draw() const {
  const std::lock_guard lock{mutex_};
  return bucket_.can_draw();
}

std::uint32_t provider_health::allowed(std::string_view model, std::uint32_t max) const {
  const std::lock_guard lock{mutex_};
  return keys_.allowed(model, whole_.allowed(max));
}

health_snapshot provider_health::snapshot(mono_time now) const {
  const std::lock_guard lock{mutex_};
  health_snapshot out;
  out.breaker = worse(whole_.at(now), keys_.breaker(now));
  out.models = keys_.models_out(now);
  out.key_refused = keys_.any_refused();
  if (keys_.size() > 1)
    out.keys = keys_.snapshot(now);
  out.bucket = bucket_.level();
  out.resting = keys_.resting(now);
  out.waiting_for_rate = keys_.waiting(now);
  out.attempts = attempts_;
  out.retries = retries_;
  out.hedges = hedges_;
  out.failures = failures_;
  return out;
}

/// Where there are several keys, the one that met a limit is left to rest also where the provider
/// does not say how long.
std::chrono::milliseconds provider_health::rest_of(fault what, const error& why,
                                                   std::chrono::milliseconds pause) const {
  constexpr std::chrono::milliseconds none{0};
  if (what == fault::rate_limited && why.retry_after)
    return *why.retry_after;
  if (keys_.size() == 1)
    return none;
  if (what == fault::rate_limited)
    return pause;
  return what == fault::quota_used_up ? settings_.breaker.open_for : none;
}

} // namespace flipsync
