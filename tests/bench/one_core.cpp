#include "tests/bench/one_core.hpp"

#include <cerrno>
#include <system_error>

namespace flipsync::bench {

namespace {

void use(const cpu_set_t& cores) {
  if (::sched_setaffinity(0, sizeof cores, &cores) != 0)
    throw std::system_error{errno, std::generic_category(), "sched_setaffinity"};
}

} // namespace

one_core::one_core() {
  if (::sched_getaffinity(0, sizeof before_, &before_) != 0)
    throw std::system_error{errno, std::generic_category(), "sched_getaffinity"};
  std::size_t first = 0;
  while (!CPU_ISSET(first, &before_))
    ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  use(one);
}

one_core::~one_core() { ::sched_setaffinity(0, sizeof before_, &before_); }

} // namespace flipsync::bench
