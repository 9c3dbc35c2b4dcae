#include <algorithm>

#include "runtime/core/caf_compat.hpp"
#include "runtime/embed/office.hpp"

namespace flipsync {

namespace {

/// How long a provider has to say that it is there.
constexpr std::chrono::milliseconds check_limit{2000};

/// Collects what several providers say, each on its own thread, and tells it once.
class provider_round {
public:
  provider_round(std::vector<provider_view> views,
                 std::shared_ptr<awaited<std::vector<provider_view>>> to)
    : views_{std::move(views)},
      to_{std::move(to)} {}
  /// The last one to let go has seen every answer.
  ~provider_round() { to_->answer(std::move(views_)); }
  provider_round(const provider_round&) = delete;
  provider_round& operator=(const provider_round&) = delete;

  void checked(std::size_t index, const result<void>& outcome) {
    const std::lock_guard lock{mutex_};
    views_[index].checked = outcome ? error{} : outcome.error();
  }
  void listed(std::size_t index, result<std::vector<std::string>> models) {
    const std::lock_guard lock{mutex_};
    if (models)
      views_[index].models = std::move(*models);
  }

private:
  std::mutex mutex_;
  std::vector<provider_view> views_;
  std::shared_ptr<awaited<std::vector<provider_view>>> to_;
};

} // namespace

std::vector<provider_view> office::show_providers(const environment& env, const services* now) {
  std::vector<provider_view> out;
  for (std::size_t i = 0; i < env.providers.size(); ++i) {
    const auto& entry = env.providers[i];
    const auto& state = *env.provider_state[i];
    provider_view view;
    view.name = entry.provider->name();
    view.default_model = entry.provider->default_model();
    view.up = now != nullptr && now->providers[i];
    view.primary = view.name == env.models.provider;
    view.last_outcome = state.last_outcome.load();
    view.attempts = state.attempts.load();
    view.failures = state.failures.load();
    const auto health = state.health.snapshot(env.clock->now());
    view.breaker = to_string(health.breaker);
    for (const auto& [model, breaker] : health.models)
      view.models_out.push_back(model);
    view.key_refused = health.key_refused;
    for (const auto& key : health.keys)
      view.keys.push_back({static_cast<std::uint32_t>(view.keys.size() + 1),
                           std::string{to_string(key.what)}, key.resting, key.attempts,
                           key.models_out});
    view.latency = state.latency.spread();
    const auto load = state.places->all();
    view.in_flight = load.running;
    view.waiting = load.waiting;
    view.max_concurrent = entry.max_concurrent;
    view.max_waiting = entry.max_waiting;
    out.push_back(std::move(view));
  }
  return out;
}

void office::providers(bool check, bool models, callback<std::vector<provider_view>> done) {
  const auto now = board_->get();
  const auto env = now ? now->env : env_;
  runtime_numbers spent;
  spent.providers = show_providers(*env, now.get());
  statistics_->show(spent, env->clock->now());
  const auto asked = std::make_shared<awaited<std::vector<provider_view>>>(std::move(done));
  const auto round = std::make_shared<provider_round>(std::move(spent.providers), asked);
  for (std::size_t i = 0; i < env->providers.size(); ++i) {
    auto& provider = *env->providers[i].provider;
    if (check)
      provider.check(check_limit,
                     [round, i](const result<void>& outcome) { round->checked(i, outcome); });
    if (models)
      provider.models(check_limit, [round, i](result<std::vector<std::string>> found) {
        round->listed(i, std::move(found));
      });
  }
}

std::vector<cache_view> office::caches() const {
  std::vector<cache_view> all{env_->reads->show()};
  if (env_->turns->on())
    all.push_back(env_->turns->show());
  for (auto& row : env_->answers->show())
    all.push_back(std::move(row));
  return all;
}

result<std::uint64_t> office::clear_cache(std::string_view provider, std::string_view name) {
  const bool answers = name.empty() || parse_answer_class(name).has_value();
  if (!answers && name != "reads" && name != "turns")
    return error{errc::not_found, "there is no cache of this class"}.with("field", "class");
  const auto known = [&](const provider_entry& entry) {
    return entry.provider->name() == provider;
  };
  const auto now = board_->get();
  const auto env = now ? now->env : env_;
  if (!provider.empty() && std::none_of(env->providers.begin(), env->providers.end(), known))
    return error{errc::not_found, "there is no provider of this name"}.with("field", "provider");
  std::uint64_t gone = 0;
  if (provider.empty() && (name.empty() || name == "reads"))
    gone += env_->reads->clear();
  if (answers)
    gone += env_->answers->clear(provider, name);
  // An agent's turn can hold answers of several classes, and counts as a chat.
  if (answers || name == "turns")
    gone += env_->turns->clear(provider, name.empty() || name == "turns" ? std::string_view{}
                                         : name == "model"               ? name
                                                           : to_string(answer_class::chat));
  return gone;
}

runtime_numbers office::numbers() const {
  runtime_numbers out;
  out.uptime =
    std::chrono::duration_cast<std::chrono::seconds>(env_->clock->now() - host_.started_at());
  out.turns_in_flight = host_.turns_in_flight();
  out.live_conversations = env_->metrics->live_conversations();
  const auto now = board_->get();
  out.providers = show_providers(now ? *now->env : *env_, now.get());
  out.caches = caches();
  statistics_->show(out, env_->clock->now());
  out.saved += env_->turns->show().saved; // what the door answers becomes no turn
  return out;
}

} // namespace flipsync
