#include "runtime/embed/live_turns.hpp"

#include <algorithm>

namespace flipsync {

bool live_turns::begin(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  if (!closed_)
    turns_.try_emplace(number);
  return !closed_;
}

void live_turns::note(std::uint64_t number, const std::shared_ptr<turn_guard>& guard) {
  std::optional<error> failed;
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = turns_.find(number); found != turns_.end()) {
      found->second = guard;
      failed = failed_;
    }
  }
  if (failed)
    guard->fail(std::move(*failed));
}

void live_turns::ended(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  turns_.erase(number);
  left_.notify_all();
}

void live_turns::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
}

std::vector<std::shared_ptr<turn_guard>> live_turns::noted() const {
  std::vector<std::shared_ptr<turn_guard>> guards;
  const std::lock_guard lock{mutex_};
  for (const auto& [number, weak] : turns_)
    if (auto guard = weak.lock())
      guards.push_back(std::move(guard));
  return guards;
}

void live_turns::fail_all(const error& why) {
  {
    const std::lock_guard lock{mutex_};
    failed_ = why;
  }
  for (const auto& guard : noted())
    guard->fail(why);
}

void live_turns::wait_for_none(std::chrono::milliseconds grace) {
  const auto guards = noted();
  const auto here = static_cast<std::size_t>(std::count_if(
    guards.begin(), guards.end(), [](const auto& guard) { return guard->tells_here(); }));
  std::unique_lock lock{mutex_};
  left_.wait_for(lock, grace, [this, here] { return turns_.size() <= here; });
}

std::size_t live_turns::size() const {
  const std::lock_guard lock{mutex_};
  return turns_.size();
}

} // namespace flipsync
