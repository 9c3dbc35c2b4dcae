#include "runtime/core/ports/shared_loop.hpp"

#include <utility>

namespace flipsync {

void shared_loop::open(taker take) {
  const std::lock_guard lock{mutex_};
  if (!take_)
    take_ = std::move(take);
}

void shared_loop::close() {
  const std::lock_guard lock{mutex_};
  take_ = nullptr;
}

bool shared_loop::join(std::shared_ptr<loop_guest> guest) {
  // Under the lock, so that close() does not return while a guest is on its way.
  const std::lock_guard lock{mutex_};
  if (!take_)
    return false;
  take_(std::move(guest));
  return true;
}

} // namespace flipsync
