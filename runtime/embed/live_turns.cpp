#include "runtime/embed/live_turns.hpp"

#include <vector>

namespace flipsync {

void live_turns::begin(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  turns_.try_emplace(number);
}

void live_turns::note(std::uint64_t number, const std::shared_ptr<turn_guard>& guard) {
  const std::lock_guard lock{mutex_};
  if (const auto found = turns_.find(number); found != turns_.end())
    found->second = guard;
}

void live_turns::ended(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  turns_.erase(number);
  if (turns_.empty())
    left_.notify_all();
}

void live_turns::fail_all(const error& why) {
  std::vector<std::shared_ptr<turn_guard>> guards;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [number, weak] : turns_)
      if (auto guard = weak.lock())
        guards.push_back(std::move(guard));
  }
  for (const auto& guard : guards)
    guard->fail(why);
}

void live_turns::wait_for_none(std::chrono::milliseconds grace) {
  std::unique_lock lock{mutex_};
  left_.wait_for(lock, grace, [this] { return turns_.empty(); });
}

std::size_t live_turns::size() const {
  const std::lock_guard lock{mutex_};
  return turns_.size();
}

} // namespace flipsync
