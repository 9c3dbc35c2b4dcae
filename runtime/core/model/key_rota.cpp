#include "runtime/core/model/key_rota.hpp"

#include <algorithm>

namespace flipsync {

namespace {

using breaker_state = circuit_breaker::state;

/// Models with a breaker of their own; further ones share the key's.
constexpr std::size_t most_breakers = 64;

/// From the best to the worst.
int rank(breaker_state s) noexcept {
  switch (s) {
  case breaker_state::closed:
    return 0;
  case breaker_state::half_open:
    return 1;
  case breaker_state::open:
    return 2;
  }
  return 2;
}

breaker_state better(breaker_state a, breaker_state b) noexcept {
  return rank(a) <= rank(b) ? a : b;
}

} // namespace

std::string_view to_string(key_snapshot::state s) noexcept {
  switch (s) {
  case key_snapshot::state::in_use:
    return "in_use";
  case key_snapshot::state::resting:
    return "resting";
  case key_snapshot::state::left_alone:
    return "left_alone";
  case key_snapshot::state::refused:
    return "refused";
  }
  return "in_use";
}

key_rota::key_rota(std::size_t keys, const conduct_settings& settings, rate_limits rate)
  : settings_{settings},
    keys_(std::max<std::size_t>(keys, 1),
          one_key{circuit_breaker{settings.breaker}, rate_window{rate}}) {}

template <class Key>
auto* key_rota::breaker_of(Key& key, std::string_view model) noexcept {
  const auto found = std::find_if(key.models.begin(), key.models.end(),
                                  [model](const auto& one) { return one.model == model; });
  return found == key.models.end() ? nullptr : &found->breaker;
}

health_outlook key_rota::look(std::string_view model, std::uint32_t tokens, mono_time now) const {
  if (const auto key = pick(model, tokens, now, false))
    return {shut_out::no, ready_at(*key, tokens, now)};
  if (const auto key = pick(model, tokens, now, true))
    return {shut_out::breaker, ready_at(*key, tokens, now)};
  return {shut_out::key, now};
}

bool key_rota::may_go(std::size_t key, std::string_view model, mono_time now) const noexcept {
  const auto& one = keys_[key];
  return !is_out(one, now) && one.rests_until <= now && admits(one, model, now);
}

std::optional<std::size_t> key_rota::pick(std::string_view model, std::uint32_t tokens,
                                          mono_time now, bool insist) const {
  std::optional<std::size_t> best;
  bool best_is_let_through = false;
  mono_time best_at{};
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto key = (turn_ + i) % keys_.size();
    if (is_out(keys_[key], now))
      continue;
    const bool let_through = admits(keys_[key], model, now);
    if (!let_through && (!insist || best_is_let_through))
      continue;
    const auto at = ready_at(key, tokens, now);
    if (best && best_is_let_through == let_through && best_at <= at)
      continue;
    best = key;
    best_is_let_through = let_through;
    best_at = at;
  }
  return best;
}

mono_time key_rota::ready_at(std::size_t key, std::uint32_t tokens, mono_time now) const {
  const auto& one = keys_[key];
  const auto rested = std::max(one.rests_until, now);
  return one.rate.unlimited() ? rested : std::max(rested, one.rate.earliest(now, tokens));
}

std::optional<key_rota::place> key_rota::take_place(std::string_view model, std::uint32_t tokens,
                                                    mono_time now, mono_time latest) {
  const auto key = pick(model, tokens, now, true);
  if (!key)
    return std::nullopt;
  const auto at = keys_[*key].rate.take(now, tokens, latest);
  if (!at)
    return std::nullopt;
  return place{*key, *at};
}

void key_rota::settle_place(const place& taken, std::uint32_t expected, std::uint32_t used) {
  auto& rate = keys_[taken.key].rate;
  if (used == 0)
    rate.give_back(taken.at, expected);
  else
    rate.settle(taken.at, expected, used);
}

void key_rota::began(std::size_t key, std::string_view model, mono_time now) noexcept {
  auto& one = keys_[key];
  one.breaker.began(now);
  if (auto* own = breaker_of(one, model))
    own->began(now);
  ++one.attempts;
  turn_ = (key + 1) % keys_.size();
}

void key_rota::succeeded(std::size_t key, std::string_view model, mono_time began) noexcept {
  auto& one = keys_[key];
  one.refused_at.reset();
  one.breaker.succeeded(began);
  if (auto* own = breaker_of(one, model))
    own->succeeded(began);
}

void key_rota::failed(std::size_t key, std::string_view model, mono_time began, mono_time now,
                      fault what, std::chrono::milliseconds rest) {
  auto& one = keys_[key];
  one.rests_until = std::max(one.rests_until, now + rest);
  if (what == fault::key_refused)
    one.refused_at = now;
  const auto guilty = culprit_of(what);
  if (guilty == culprit::key)
    one.breaker.failed(began, now);
  else
    one.breaker.abandoned(began);
  if (guilty == culprit::model)
    make_breaker(one, model).failed(began, now);
  else if (auto* own = breaker_of(one, model))
    own->abandoned(began);
}

void key_rota::lift() noexcept {
  for (auto& one : keys_)
    one.refused_at.reset();
}

std::uint32_t key_rota::allowed(std::string_view model, std::uint32_t max) const noexcept {
  std::uint32_t sum = 0;
  for (const auto& one : keys_) {
    const auto* own = breaker_of(one, model);
    const auto limit = one.breaker.allowed(max);
    sum += std::min(max - sum, own == nullptr ? limit : own->allowed(limit));
  }
  return sum;
}

circuit_breaker::state key_rota::breaker(mono_time now) const noexcept {
  auto best = keys_.front().breaker.at(now);
  for (const auto& one : keys_)
    best = better(best, one.breaker.at(now));
  return best;
}

std::vector<std::pair<std::string, circuit_breaker::state>>
key_rota::models_out(mono_time now) const {
  std::vector<std::pair<std::string, breaker_state>> out;
  const auto first =
    std::find_if(keys_.begin(), keys_.end(), [&](const one_key& one) { return !is_out(one, now); });
  for (const auto& [model, breaker] : (first == keys_.end() ? keys_.front() : *first).models) {
    auto best = breaker.at(now);
    for (const auto& one : keys_)
      if (!is_out(one, now)) {
        const auto* own = breaker_of(one, model);
        best = better(best, own == nullptr ? breaker_state::closed : own->at(now));
      }
    if (best != breaker_state::closed)
      out.emplace_back(model, best);
  }
  return out;
}

bool key_rota::any_refused() const noexcept {
  return std::any_of(keys_.begin(), keys_.end(),
                     [](const one_key& one) { return one.refused_at.has_value(); });
}

std::chrono::milliseconds key_rota::resting(mono_time now) const noexcept {
  auto soonest = keys_.front().rests_until;
  for (const auto& one : keys_)
    soonest = std::min(soonest, one.rests_until);
  return std::chrono::ceil<std::chrono::milliseconds>(std::max(soonest, now) - now);
}

std::uint32_t key_rota::waiting(mono_time now) const {
  std::uint32_t sum = 0;
  for (const auto& one : keys_)
    sum += one.rate.waiting(now);
  return sum;
}

std::vector<key_snapshot> key_rota::snapshot(mono_time now) const {
  std::vector<key_snapshot> out;
  for (const auto& one : keys_)
    out.push_back(shown(one, one.refused_at.has_value(), now));
  return out;
}

circuit_breaker& key_rota::make_breaker(one_key& key, std::string_view model) {
  if (auto* known = breaker_of(key, model))
    return *known;
  if (key.models.size() >= most_breakers)
    return key.breaker;
  return key.models
    .emplace_back(model_breaker{std::string{model}, circuit_breaker{settings_.breaker}})
    .breaker;
}

bool key_rota::is_out(const one_key& key, mono_time now) const noexcept {
  return key.refused_at && now < *key.refused_at + settings_.key_ejection;
}

bool key_rota::admits(const one_key& key, std::string_view model, mono_time now) noexcept {
  const auto* own = breaker_of(key, model);
  return key.breaker.admits(now) && (own == nullptr || own->admits(now));
}

key_snapshot key_rota::shown(const one_key& key, bool out, mono_time now) {
  key_snapshot seen;
  seen.attempts = key.attempts;
  for (const auto& [model, breaker] : key.models)
    if (breaker.at(now) != breaker_state::closed)
      seen.models_out.push_back(model);
  if (key.rests_until > now)
    seen.resting = std::chrono::ceil<std::chrono::milliseconds>(key.rests_until - now);
  if (out)
    seen.what = key_snapshot::state::refused;
  else if (key.breaker.at(now) != breaker_state::closed || !seen.models_out.empty())
    seen.what = key_snapshot::state::left_alone;
  else if (seen.resting.count() > 0)
    seen.what = key_snapshot::state::resting;
  return seen;
}

} // namespace flipsync
