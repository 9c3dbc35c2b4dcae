#include "runtime/core/turn/alarm_queue.hpp"

#include <algorithm>

namespace flipsync {

alarm_queue::ticket alarm_queue::set(mono_time at, callback ring) {
  const std::lock_guard lock{mutex_};
  if (closed_)
    return {};
  drop_dead_locked();
  if (free_.empty()) {
    free_.push_back(places_.size());
    places_.emplace_back();
  }
  const ticket result{++last_id_, free_.back()};
  free_.pop_back();
  auto& mine = places_[result.place];
  mine.id = result.id;
  mine.ring = std::move(ring);
  due_.push_back({at, result.id, result.place});
  std::push_heap(due_.begin(), due_.end(), later{});
  if (due_.front().id == result.id)
    arm_for_earliest_locked();
  return result;
}

void alarm_queue::take_back(const ticket& alarm) {
  if (alarm.id == 0)
    return;
  callback
    dropped; // destroyed after the lock is released: it may own the last reference to something
  const std::lock_guard lock{mutex_};
  if (alarm.place < places_.size() && places_[alarm.place].id == alarm.id)
    dropped = free_locked(alarm.place);
}

std::size_t alarm_queue::size() const {
  const std::lock_guard lock{mutex_};
  return places_.size() - free_.size();
}

void alarm_queue::close() {
  std::vector<place> dropped;
  const std::lock_guard lock{mutex_};
  closed_ = true;
  dropped.swap(places_);
  free_.clear();
  due_.clear();
}

alarm_queue::callback alarm_queue::free_locked(std::size_t place) {
  auto& freed = places_[place];
  freed.id = 0;
  free_.push_back(place);
  return std::exchange(freed.ring, nullptr);
}

/// Alarms that were taken back stay few beside the live ones, at a constant cost for each.
void alarm_queue::drop_dead_locked() {
  constexpr std::size_t few = 1024;
  const auto live = places_.size() - free_.size();
  if (due_.size() <= 2 * live + few)
    return;
  std::erase_if(due_, [this](const due& each) { return !live_locked(each); });
  std::make_heap(due_.begin(), due_.end(), later{});
}

void alarm_queue::arm_for_earliest_locked() {
  if (due_.empty())
    return;
  const auto at = due_.front().at;
  if (!wakes_.empty() && *wakes_.begin() <= at)
    return;
  wakes_.insert(at);
  clock_->arm(at, [weak = weak_from_this(), at] {
    if (const auto self = weak.lock())
      self->ring_due(at);
  });
}

void alarm_queue::ring_due(mono_time wake) {
  std::vector<callback> ringing;
  {
    const std::lock_guard lock{mutex_};
    wakes_.erase(wake);
    const auto now = clock_->now();
    while (!due_.empty() && (due_.front().at <= now || !live_locked(due_.front()))) {
      const auto next = due_.front();
      std::pop_heap(due_.begin(), due_.end(), later{});
      due_.pop_back();
      if (live_locked(next))
        ringing.push_back(free_locked(next.place));
    }
    arm_for_earliest_locked();
  }
  for (auto& ring : ringing)
    ring();
}

} // namespace flipsync
