#include "runtime/core/model/model_directory.hpp"

#include <algorithm>

namespace flipsync {

namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

error unknown_model() {
  return error{errc::not_found,
               "no configured provider is known to serve this model; GET /v1/models lists all"}
    .with("field", "model");
}

void add_new(std::vector<std::string>& to, const std::string& name) {
  if (!name.empty() && !holds(to, name))
    to.push_back(name);
}

} // namespace

model_directory::model_directory(std::vector<provider_entry> providers,
                                 const model_routing& routing, const core_settings& settings,
                                 std::shared_ptr<clock_port> clock,
                                 std::shared_ptr<alarm_queue> alarms)
  : ttl_{settings.model_list_ttl},
    timeout_{settings.model_list_timeout},
    clock_{std::move(clock)},
    alarms_{std::move(alarms)} {
  for (auto& entry : providers) {
    if (entry.provider->capabilities().facts_only)
      continue;
    shelf added;
    added.provider = std::move(entry.provider);
    add_new(added.configured, added.provider->default_model());
    // Tiers are the primary's.
    if (added.provider->name() == routing.provider)
      for (const auto& [tier, model] : routing.tier_models)
        add_new(added.configured, model);
    shelves_.push_back(std::move(added));
  }
}

model_directory::~model_directory() { release_waiting(); }

result<model_offer> model_directory::find(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto slash = name.find('/');
  if (slash != std::string_view::npos && slash + 1 < name.size())
    for (const auto& each : shelves_)
      if (each.provider->name() == name.substr(0, slash))
        return model_offer{each.provider->name(), std::string{name.substr(slash + 1)}};
  for (const auto& each : shelves_)
    if (holds(each.configured, name))
      return model_offer{each.provider->name(), std::string{name}};
  const shelf* found = nullptr;
  for (const auto& each : shelves_) {
    if (!holds(each.listed, name))
      continue;
    if (found != nullptr)
      return error{errc::invalid_request, "several providers serve this model: say '"
                                            + found->provider->name() + "/…' or '"
                                            + each.provider->name() + "/…'"}
        .with("field", "model");
    found = &each;
  }
  if (found == nullptr)
    return unknown_model();
  return model_offer{found->provider->name(), std::string{name}};
}

bool model_directory::stale_locked(const shelf& of) const {
  return of.asking || !of.asked || clock_->now() - *of.asked >= ttl_;
}

bool model_directory::stale() const {
  const std::lock_guard lock{mutex_};
  return std::any_of(shelves_.begin(), shelves_.end(),
                     [this](const shelf& each) { return stale_locked(each); });
}

void model_directory::refresh(std::function<void(const model_directory&)> done) {
  std::vector<std::size_t> to_ask;
  {
    bool wait = false;
    std::unique_lock lock{mutex_};
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (!stale_locked(shelves_[i]))
        continue;
      wait = true;
      if (!std::exchange(shelves_[i].asking, true))
        to_ask.push_back(i);
    }
    if (!wait) {
      lock.unlock();
      return done(*this);
    }
    waiting_.push_back(std::move(done));
  }
  if (!to_ask.empty()) {
    // Another directory may take this one's place meanwhile; those who wait for it wait on.
    const auto alarm = alarms_->set(clock_->now() + timeout_,
                                    [self = shared_from_this()] { self->release_waiting(); });
    if (alarm.id == 0)
      return release_waiting(); // the runtime has stopped
    const std::lock_guard lock{mutex_};
    limit_ = alarm;
  }
  for (const auto index : to_ask)
    shelves_[index].provider->models(
      timeout_, [weak = weak_from_this(), index](result<std::vector<std::string>> listed) {
        if (const auto strong = weak.lock())
          strong->heard(index, std::move(listed));
      });
}

/// A provider that does not answer keeps its last list, and is left alone for a while.
void model_directory::heard(std::size_t index, result<std::vector<std::string>> listed) {
  bool all = false;
  {
    const std::lock_guard lock{mutex_};
    auto& told = shelves_[index];
    told.asking = false;
    told.asked = clock_->now();
    if (listed) {
      told.listed.clear();
      for (auto& name : *listed)
        if (!name.empty() && name.size() <= max_model_name && told.listed.size() < max_models)
          told.listed.push_back(std::move(name));
    }
    all =
      std::none_of(shelves_.begin(), shelves_.end(), [](const shelf& each) { return each.asking; });
  }
  if (all)
    release_waiting();
}

void model_directory::release_waiting() {
  std::vector<std::function<void(const model_directory&)>> released;
  alarm_queue::ticket limit;
  {
    const std::lock_guard lock{mutex_};
    released.swap(waiting_);
    std::swap(limit, limit_);
    // Who did not answer in time is not waited for again before its list is due.
    for (auto& each : shelves_)
      if (std::exchange(each.asking, false))
        each.asked = clock_->now();
  }
  alarms_->take_back(limit);
  for (const auto& done : released)
    done(*this);
}

std::vector<model_offer> model_directory::offers() const {
  const std::lock_guard lock{mutex_};
  std::vector<model_offer> all;
  for (const auto& each : shelves_) {
    auto names = each.configured;
    for (const auto& name : each.listed)
      if (!holds(each.configured, name))
        names.push_back(name);
    for (auto& name : names)
      all.push_back({each.provider->name(), std::move(name)});
  }
  return all;
}

} // namespace flipsync
