#include "runtime/app/event_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace flipsync::app {

event_queue::event_queue() : fd_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {}

event_queue::~event_queue() {
  if (fd_ >= 0)
    close(fd_);
}

void event_queue::on_event(const turn_event& event) {
  {
    const std::lock_guard lock{mutex_};
    events_.push_back(event);
  }
  eventfd_write(fd_, 1);
}

std::vector<turn_event> event_queue::take() {
  eventfd_t count = 0;
  eventfd_read(fd_, &count);
  const std::lock_guard lock{mutex_};
  return std::exchange(events_, {});
}

} // namespace flipsync::app
