#include "adapters/bridge/direct_send.hpp"

#include <sys/socket.h>

#include <utility>

namespace flipsync {

void direct_send::open(int socket, const response_head& head, const std::atomic<bool>& draining) {
  const std::lock_guard lock{mutex_};
  draining_ = &draining;
  writer_.begin_body(head);
  socket_ = socket;
}

void direct_send::send_all(int socket) {
  writer_.end_body(true);
  writer_.redate();
  auto& out = writer_.output();
  const auto taken = ::send(socket, out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  // A connection that is broken says so to the I/O thread as well.
  if (taken > 0)
    out.erase(0, static_cast<std::size_t>(taken));
  sent_ = true;
}

bool direct_send::sent() const {
  const std::lock_guard lock{mutex_};
  return sent_;
}

direct_send::outcome direct_send::close() {
  const std::lock_guard lock{mutex_};
  socket_ = -1;
  if (!sent_)
    return {};
  return {true, std::exchange(writer_.output(), {})};
}

} // namespace flipsync
