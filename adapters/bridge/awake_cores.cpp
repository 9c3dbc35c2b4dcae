#include "adapters/bridge/awake_cores.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

/// What the device takes: the longest that waking may take, µs; or that there is no wish.
constexpr std::int32_t at_once = 0;
constexpr std::int32_t no_wish = -1;

std::string last_error() { return std::generic_category().message(errno); }

} // namespace

result<std::unique_ptr<awake_cores>> awake_cores::open(boost::asio::io_context& loop,
                                                       const std::string& device,
                                                       std::chrono::milliseconds hold) {
  const int opened = ::open(device.c_str(), O_WRONLY | O_CLOEXEC);
  if (opened < 0)
    return error{errc::forbidden, "keeping the cores awake wants to write " + device + ": "
                                    + last_error()
                                    + "; give this user or container the right to, or set "
                                      "server.keep_cores_awake to 0ms"}
      .with("field", "keep_cores_awake");
  return std::unique_ptr<awake_cores>{new awake_cores{loop, opened, hold}};
}

awake_cores::awake_cores(boost::asio::io_context& loop, int device, std::chrono::milliseconds hold)
  : timer_{loop},
    hold_{hold},
    device_{device} {}

awake_cores::~awake_cores() { ::close(device_); }

void awake_cores::note() {
  if (ended_)
    return;
  until_ = clock::now() + hold_;
  if (held_)
    return;
  held_ = true;
  tell(true);
  wait();
}

void awake_cores::end() {
  ended_ = true;
  release();
}

void awake_cores::release() {
  timer_.cancel();
  if (held_)
    tell(false);
  held_ = false;
}

void awake_cores::wait() {
  timer_.expires_at(until_);
  timer_.async_wait([this](const boost::system::error_code& why) {
    if (why || !held_)
      return;
    if (clock::now() < until_)
      wait();
    else
      release();
  });
}

void awake_cores::tell(bool awake) {
  const auto wish = awake ? at_once : no_wish;
  if (::write(device_, &wish, sizeof wish) == sizeof wish || told_of_failure_)
    return;
  told_of_failure_ = true;
  log::warn("cores_not_kept_awake", {{"reason", last_error()}});
}

} // namespace flipsync
