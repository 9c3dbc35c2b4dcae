#include "runtime/core/turn/admission.hpp"

#include <string>

namespace flipsync {

result<admission::ticket> admission::enter() {
  if (closed_.load())
    return error{errc::shutting_down, "the runtime is shutting down and takes no new turns"}
      .with_retry_after(std::chrono::seconds{5});
  if (counter_->fetch_add(1, std::memory_order_acq_rel) >= limit_) {
    counter_->fetch_sub(1, std::memory_order_acq_rel);
    return error{errc::overloaded,
                 "all " + std::to_string(limit_) + " turns that may run at once are running"}
      .with_retry_after(std::chrono::seconds{1});
  }
  return ticket{counter_};
}

} // namespace flipsync
