#include "adapters/bridge/inbox.hpp"

namespace flipsync {

void inbox::push(std::shared_ptr<completion> item) {
  // Waking under the lock keeps close() from returning while the I/O thread is being woken.
  const std::lock_guard lock{mutex_};
  if (!open_)
    return;
  items_.push_back(std::move(item));
  if (items_.size() == 1)
    wake_();
}

void inbox::drain(std::vector<std::shared_ptr<completion>>& into) {
  const std::lock_guard lock{mutex_};
  items_.swap(into);
}

void inbox::close() {
  std::vector<std::shared_ptr<completion>> dropped;
  const std::lock_guard lock{mutex_};
  open_ = false;
  items_.swap(dropped);
}

} // namespace flipsync
