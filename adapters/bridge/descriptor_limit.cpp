#include "adapters/bridge/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace flipsync {

std::size_t allow_descriptors(std::size_t wanted) noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 0;
  const auto before = limit.rlim_cur;
  limit.rlim_cur = std::max<rlim_t>(before, std::min<rlim_t>(wanted, limit.rlim_max));
  if (limit.rlim_cur != before && ::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    return before;
  return limit.rlim_cur;
}

} // namespace flipsync
