#include "runtime/core/turn/alarm_queue.hpp"

#include <vector>

namespace flipsync {

alarm_queue::ticket alarm_queue::set(mono_time at, callback ring) {
  const std::lock_guard lock{mutex_};
  if (closed_)
    return {};
  const ticket result{at, ++last_id_};
  alarms_.emplace(std::pair{at, result.id}, std::move(ring));
  arm_for_earliest_locked();
  return result;
}

void alarm_queue::take_back(const ticket& alarm) {
  if (alarm.id == 0)
    return;
  callback
    dropped; // destroyed after the lock is released: it may own the last reference to something
  const std::lock_guard lock{mutex_};
  if (const auto found = alarms_.find({alarm.at, alarm.id}); found != alarms_.end()) {
    dropped = std::move(found->second);
    alarms_.erase(found);
  }
}

std::size_t alarm_queue::size() const {
  const std::lock_guard lock{mutex_};
  return alarms_.size();
}

void alarm_queue::close() {
  std::map<std::pair<mono_time, std::uint64_t>, callback> dropped;
  const std::lock_guard lock{mutex_};
  closed_ = true;
  dropped.swap(alarms_);
}

void alarm_queue::arm_for_earliest_locked() {
  if (alarms_.empty())
    return;
  const auto at = alarms_.begin()->first.first;
  if (!wakes_.empty() && *wakes_.begin() <= at)
    return;
  wakes_.insert(at);
  clock_->arm(at, [weak = weak_from_this(), at] {
    if (const auto self = weak.lock())
      self->ring_due(at);
  });
}

void alarm_queue::ring_due(mono_time wake) {
  std::vector<callback> due;
  {
    const std::lock_guard lock{mutex_};
    wakes_.erase(wake);
    const auto now = clock_->now();
    while (!alarms_.empty() && alarms_.begin()->first.first <= now) {
      due.push_back(std::move(alarms_.begin()->second));
      alarms_.erase(alarms_.begin());
    }
    arm_for_earliest_locked();
  }
  for (auto& ring : due)
    ring();
}

} // namespace flipsync
