#include "tests/bench/core_speed.hpp"

#include <sched.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <thread>

namespace flipsync::bench {

namespace {

using clock = std::chrono::steady_clock;

/// Independent of each other, so that a core works on several at once.
constexpr std::size_t lanes = 8;
volatile std::uint64_t kept = 0; // so that the calculation is not left out

double steps_a_second() {
  std::array<std::uint64_t, lanes> values{1, 2, 3, 4, 5, 6, 7, 8};
  const auto began = clock::now();
  std::uint64_t steps = 0;
  for (auto now = began; now - began < std::chrono::milliseconds{30}; now = clock::now())
    for (int i = 0; i < 10'000; ++i, ++steps)
      for (auto& value : values)
        value = (value ^ (value >> 7U)) + (value << 9U);
  for (const auto value : values)
    kept = kept ^ value;
  return static_cast<double>(steps) / std::chrono::duration<double>(clock::now() - began).count();
}

bool move_to(unsigned core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  return ::sched_setaffinity(0, sizeof one, &one) == 0;
}

} // namespace

std::vector<double> core_speeds() {
  cpu_set_t before;
  CPU_ZERO(&before);
  ::sched_getaffinity(0, sizeof before, &before);
  std::vector<double> out;
  for (unsigned core = 0; core < std::thread::hardware_concurrency(); ++core)
    out.push_back(move_to(core) ? steps_a_second() / 1e6 : 0);
  ::sched_setaffinity(0, sizeof before, &before);
  return out;
}

} // namespace flipsync::bench
