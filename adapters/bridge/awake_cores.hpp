#pragma once
/// Keeps the machine's cores from sleeping between requests that come densely (docs/adr/0036).

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// A wish to the kernel for cores that wake at once (Linux, admin-guide/pm: "PM Quality of Service
/// Interface"), held for a while after each sign of work. It concerns all cores of the machine,
/// and ends with the process at the latest. Used on the thread of its loop only.
class awake_cores {
public:
  /// `device`: the kernel's /dev/cpu_dma_latency. `hold`: how long the cores stay awake after a
  /// sign of work. Errors: forbidden with `field` "keep_cores_awake": the device cannot be written.
  static result<std::unique_ptr<awake_cores>>
  open(boost::asio::io_context& loop, const std::string& device, std::chrono::milliseconds hold);
  ~awake_cores();
  awake_cores(const awake_cores&) = delete;
  awake_cores& operator=(const awake_cores&) = delete;

  /// There is work: the cores stay awake for `hold` from now on.
  void note();
  /// Lets the cores sleep again, now and for good: no later work changes that.
  void end();

private:
  using clock = std::chrono::steady_clock;

  awake_cores(boost::asio::io_context& loop, int device, std::chrono::milliseconds hold);
  void wait();
  void release();
  void tell(bool awake);

  boost::asio::steady_timer timer_;
  const std::chrono::milliseconds hold_;
  clock::time_point until_{};
  const int device_;
  bool held_ = false;
  bool ended_ = false;
  bool told_of_failure_ = false;
};

} // namespace flipsync
