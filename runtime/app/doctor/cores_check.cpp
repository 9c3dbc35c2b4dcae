#include "runtime/app/doctor/cores_check.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace flipsync::app {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

/// Less than this is what a core takes that hardly sleeps.
constexpr microseconds slow_wake{20};
constexpr int rounds = 400;

/// Something to sleep on, and to wake who sleeps.
class bell {
public:
  bell() : fd_{::eventfd(0, EFD_CLOEXEC)} {}
  ~bell() { ::close(fd_); }
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;
  [[nodiscard]] bool there() const noexcept { return fd_ >= 0; }
  void ring() const noexcept { ::eventfd_write(fd_, 1); }
  void wait() const noexcept {
    eventfd_t rung = 0;
    while (::eventfd_read(fd_, &rung) != 0 && errno == EINTR)
      ;
  }

private:
  int fd_;
};

/// Two that this process may use, if it may use two.
std::optional<std::pair<int, int>> two_cores() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2)
    return std::nullopt;
  const auto next = [&allowed](int from) {
    while (!CPU_ISSET(static_cast<std::size_t>(from), &allowed))
      ++from;
    return from;
  };
  const int first = next(0);
  return std::pair{first, next(first + 1)};
}

/// Keeps the calling thread on one core while a scope lasts. Where that is refused, what is
/// measured is merely less sure.
class stay_on {
public:
  explicit stay_on(int core) {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(core), &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~stay_on() { ::sched_setaffinity(0, sizeof before_, &before_); }
  stay_on(const stay_on&) = delete;
  stay_on& operator=(const stay_on&) = delete;

private:
  cpu_set_t before_{};
};

} // namespace

microseconds measure_wake() {
  const bell there;
  const bell back;
  const auto cores = two_cores();
  if (!there.there() || !back.there() || !cores)
    return {};
  std::vector<steady_clock::duration> took;
  took.reserve(rounds);
  try {
    const std::jthread other{[&] {
      const stay_on far{cores->second};
      for (int i = 0; i < rounds; ++i) {
        there.wait();
        back.ring();
      }
    }};
    const stay_on near{cores->first};
    for (int i = 0; i < rounds; ++i) {
      const auto begin = steady_clock::now();
      there.ring();
      back.wait();
      took.push_back(steady_clock::now() - begin);
    }
  } catch (const std::system_error&) {
    return {};
  }
  const auto middle = took.begin() + rounds / 2;
  std::nth_element(took.begin(), middle, took.end());
  return std::chrono::duration_cast<microseconds>(*middle / 2);
}

finding check_cores(const bridge_settings& door, bool may, microseconds wake) {
  const auto time = wake.count() == 0
                      ? std::string{"there is no second one to wait for"}
                      : "one that sleeps takes " + std::to_string(wake.count()) + " us to wake";
  const bool kept = door.keep_cores_awake.count() > 0;
  if (kept && !may)
    return {verdict::problem, "cores",
            "server.keep_cores_awake is set, but " + door.wake_latency_device
              + " cannot be written",
            "give this user or container the right to, or set it to 0ms"};
  if (kept)
    return {verdict::ok, "cores", "kept awake while requests come; " + time, {}};
  if (wake >= slow_wake)
    return {verdict::ok,
            "cores",
            time + "; server.keep_cores_awake spares dense requests that (docs/operations.md)",
            {}};
  return {verdict::ok, "cores", time, {}};
}

finding check_cores(const bridge_settings& door) {
  // By opening it: a container's rules for devices are not seen in its permissions.
  const int device = ::open(door.wake_latency_device.c_str(), O_WRONLY | O_CLOEXEC);
  if (device >= 0)
    ::close(device);
  return check_cores(door, device >= 0, measure_wake());
}

} // namespace flipsync::app
