#include "runtime/core/model/progress_bell.hpp"

namespace flipsync {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_ring{1000};
constexpr milliseconds next_ring{2000};

} // namespace

std::shared_ptr<progress_bell> progress_bell::start(std::shared_ptr<const environment> env,
                                                    const std::shared_ptr<turn_guard>& guard,
                                                    std::size_t provider) {
  auto bell = std::make_shared<progress_bell>();
  bell->env_ = std::move(env);
  bell->guard_ = guard;
  bell->provider_ = provider;
  bell->began_ = bell->env_->clock->now();
  bell->set_alarm(first_ring);
  return bell;
}

void progress_bell::stop() {
  const std::lock_guard lock{mutex_};
  stopped_ = true;
  env_->alarms->take_back(alarm_);
}

void progress_bell::set_alarm(milliseconds in) {
  const std::lock_guard lock{mutex_};
  if (!stopped_)
    alarm_ = env_->alarms->set(env_->clock->now() + in, [weak = weak_from_this()] {
      if (const auto self = weak.lock())
        self->ring();
    });
}

void progress_bell::ring() {
  const auto guard = guard_.lock();
  if (!guard || guard->ended())
    return;
  const auto provider = provider_.load();
  turn_event event;
  event.type = event_type::progress;
  event.text = env_->providers[provider].provider->name();
  event.elapsed = std::chrono::duration_cast<milliseconds>(env_->clock->now() - began_);
  event.typical =
    std::chrono::duration_cast<milliseconds>(env_->provider_state[provider]->latency.median());
  guard->offer(std::move(event));
  set_alarm(next_ring);
}

} // namespace flipsync
