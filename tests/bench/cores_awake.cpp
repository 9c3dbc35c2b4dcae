#include "tests/bench/cores_awake.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace flipsync::bench {

namespace {

constexpr const char* device = "/dev/cpu_dma_latency";

} // namespace

cores_awake::cores_awake() : device_{::open(device, O_WRONLY | O_CLOEXEC)} {
  constexpr std::int32_t longest_wake = 0; // µs
  if (device_ >= 0 && ::write(device_, &longest_wake, sizeof longest_wake) != sizeof longest_wake)
    std::fprintf(stderr, "%s: %s\n", device, std::strerror(errno));
}

// The kernel forgets the wish with the descriptor.
cores_awake::~cores_awake() {
  if (device_ >= 0)
    ::close(device_);
}

bool cores_awake::possible() noexcept {
  const int opened = ::open(device, O_WRONLY | O_CLOEXEC);
  if (opened >= 0)
    ::close(opened);
  return opened >= 0;
}

void cores_awake::announce() {
  if (!possible())
    std::printf("  no row with the cores kept awake: %s: %s\n", device, std::strerror(errno));
}

} // namespace flipsync::bench
