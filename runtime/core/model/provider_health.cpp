#include "runtime/core/model/provider_health.hpp"

#include <algorithm>

namespace flipsync {

namespace {

/// Models with a breaker of their own; further ones share the provider's.
constexpr std::size_t most_models = 64;

template <class Breakers>
auto find_in(Breakers& breakers, std::string_view model) noexcept {
  const auto found = std::find_if(breakers.begin(), breakers.end(),
                                  [model](const auto& one) { return one.model == model; });
  return found == breakers.end() ? nullptr : &found->breaker;
}

} // namespace

provider_health::provider_health(const conduct_settings& settings, rate_limits rate)
  : settings_{settings},
    whole_{settings.breaker},
    bucket_{settings.bucket},
    rate_{rate} {}

health_outlook provider_health::look(std::string_view model, std::uint32_t tokens,
                                     mono_time now) const {
  const std::lock_guard lock{mutex_};
  health_outlook seen;
  if (key_is_out(now))
    seen.out = shut_out::key;
  else if (!admits(model, now))
    seen.out = shut_out::breaker;
  seen.not_before = std::max(rests_until_, now);
  if (!rate_.unlimited())
    seen.not_before = std::max(seen.not_before, rate_.earliest(now, tokens));
  return seen;
}

bool provider_health::begin(std::string_view model, mono_time now, bool insist) {
  const std::lock_guard lock{mutex_};
  if (!insist && !admits(model, now))
    return false;
  whole_.began(now);
  if (auto* own = breaker_of(model))
    own->began(now);
  ++attempts_;
  return true;
}

void provider_health::end(std::string_view model, mono_time began, mono_time now,
                          const error& why) {
  const auto what = fault_of(why);
  const std::lock_guard lock{mutex_};
  auto* own = breaker_of(model);
  if (what == fault::outgrown)
    ++failures_[static_cast<std::size_t>(what)];
  if (what == fault::none || what == fault::outgrown) { // it did answer
    bucket_.succeeded();
    whole_.succeeded(began);
    if (own != nullptr)
      own->succeeded(began);
    key_refused_at_.reset();
    return;
  }
  if (what != fault::final_here)
    ++failures_[static_cast<std::size_t>(what)];
  if (what == fault::rate_limited && why.retry_after)
    rests_until_ = std::max(rests_until_, now + *why.retry_after);
  if (what == fault::key_refused)
    key_refused_at_ = now;
  const auto guilty = culprit_of(what);
  if (guilty == culprit::provider)
    whole_.failed(began, now);
  else
    whole_.abandoned(began);
  if (guilty == culprit::model)
    make_breaker(model).failed(began, now);
  else if (own != nullptr)
    own->abandoned(began);
}

std::optional<mono_time> provider_health::take_place(std::uint32_t tokens, mono_time now,
                                                     mono_time latest) {
  const std::lock_guard lock{mutex_};
  return rate_.take(now, tokens, latest);
}

void provider_health::settle_place(mono_time at, std::uint32_t expected, std::uint32_t used) {
  const std::lock_guard lock{mutex_};
  if (used == 0)
    rate_.give_back(at, expected);
  else
    rate_.settle(at, expected, used);
}

void provider_health::lift_key() {
  const std::lock_guard lock{mutex_};
  key_refused_at_.reset();
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
  const auto limit = whole_.allowed(max);
  const auto* own = breaker_of(model);
  return own == nullptr ? limit : own->allowed(limit);
}

health_snapshot provider_health::snapshot(mono_time now) const {
  const std::lock_guard lock{mutex_};
  health_snapshot out;
  out.breaker = whole_.at(now);
  for (const auto& [model, breaker] : models_)
    if (breaker.at(now) != circuit_breaker::state::closed)
      out.models.emplace_back(model, breaker.at(now));
  out.key_refused = key_refused_at_.has_value();
  out.bucket = bucket_.level();
  if (rests_until_ > now)
    out.resting = std::chrono::ceil<std::chrono::milliseconds>(rests_until_ - now);
  out.waiting_for_rate = rate_.waiting(now);
  out.attempts = attempts_;
  out.retries = retries_;
  out.hedges = hedges_;
  out.failures = failures_;
  return out;
}

const circuit_breaker* provider_health::breaker_of(std::string_view model) const noexcept {
  return find_in(models_, model);
}

circuit_breaker* provider_health::breaker_of(std::string_view model) noexcept {
  return find_in(models_, model);
}

bool provider_health::admits(std::string_view model, mono_time now) const noexcept {
  const auto* own = breaker_of(model);
  return whole_.admits(now) && (own == nullptr || own->admits(now));
}

circuit_breaker& provider_health::make_breaker(std::string_view model) {
  if (auto* known = breaker_of(model))
    return *known;
  if (models_.size() >= most_models)
    return whole_;
  return models_.emplace_back(model_breaker{std::string{model}, circuit_breaker{settings_.breaker}})
    .breaker;
}

bool provider_health::key_is_out(mono_time now) const noexcept {
  return key_refused_at_ && now < *key_refused_at_ + settings_.key_ejection;
}

} // namespace flipsync
