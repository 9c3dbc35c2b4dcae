#include "runtime/app/reload_desk.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace flipsync::app {

namespace {

constexpr std::size_t most_waiting = 64;

error refused(bool open) {
  return open ? error{errc::overloaded, "too many wait for the configuration to be read"}
              : error{errc::shutting_down, "the service is shutting down"};
}

} // namespace

reload_desk::reload_desk() : fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}

reload_desk::~reload_desk() {
  close();
  ::close(fd_);
}

void reload_desk::reload(answer done) {
  bool open = false;
  {
    const std::lock_guard lock{mutex_};
    open = open_;
    if (open && waiting_.size() < most_waiting) {
      waiting_.push_back(std::move(done));
      eventfd_write(fd_, 1);
      return;
    }
  }
  done(refused(open));
}

std::vector<reload_desk::answer> reload_desk::take() {
  eventfd_t ignored = 0;
  eventfd_read(fd_, &ignored);
  const std::lock_guard lock{mutex_};
  return std::exchange(waiting_, {});
}

void reload_desk::close() {
  std::vector<answer> left;
  {
    const std::lock_guard lock{mutex_};
    open_ = false;
    left.swap(waiting_);
  }
  for (const auto& done : left)
    done(refused(false));
}

} // namespace flipsync::app
