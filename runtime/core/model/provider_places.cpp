#include "runtime/core/model/provider_places.hpp"

#include <algorithm>

namespace flipsync {

provider_places::load provider_places::all() const {
  const std::lock_guard lock{mutex_};
  load sum;
  for (const auto* each : shares_) {
    sum.running += each->own_.running;
    sum.waiting += each->own_.waiting;
  }
  return sum;
}

provider_places::tellers provider_places::waiting_locked(const share* but) const {
  tellers all;
  for (const auto* each : shares_)
    if (each != but && each->own_.waiting > 0)
      all.push_back(each->free_);
  return all;
}

provider_places::share::share(std::shared_ptr<provider_places> of, std::function<void()> free)
  : of_{std::move(of)},
    free_{std::move(free)} {
  const std::lock_guard lock{of_->mutex_};
  of_->shares_.push_back(this);
}

provider_places::share::~share() {
  tellers told;
  {
    const std::lock_guard lock{of_->mutex_};
    std::erase(of_->shares_, this);
    told = of_->waiting_locked(this);
  }
  for (const auto& tell : told)
    tell();
}

bool provider_places::share::take(std::uint32_t most) {
  const std::lock_guard lock{of_->mutex_};
  std::uint32_t taken = 0;
  for (const auto* each : of_->shares_)
    taken += each->own_.running;
  if (taken >= most)
    return false;
  ++own_.running;
  return true;
}

void provider_places::share::give_back() {
  tellers told;
  {
    const std::lock_guard lock{of_->mutex_};
    --own_.running;
    told = of_->waiting_locked(this);
  }
  for (const auto& tell : told)
    tell();
}

void provider_places::share::set_waiting(std::uint32_t jobs) {
  const std::lock_guard lock{of_->mutex_};
  own_.waiting = jobs;
}

} // namespace flipsync
