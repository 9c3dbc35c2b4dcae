#pragma once
/// Everything on one core, for as long as a scope lasts.

#include <sched.h>

namespace flipsync::bench {

/// Keeps the calling thread, and the threads and processes that it starts meanwhile, on the first
/// core that it may use. Those started stay there. Throws std::system_error.
class one_core {
public:
  one_core();
  /// The calling thread may again use what it could before.
  ~one_core();
  one_core(const one_core&) = delete;
  one_core& operator=(const one_core&) = delete;

private:
  cpu_set_t before_{};
};

} // namespace flipsync::bench
