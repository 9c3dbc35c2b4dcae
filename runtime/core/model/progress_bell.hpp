#pragma once
/// Tells a user who waits for a model how long it has been, and what is usual for this provider.

#include <atomic>
#include <memory>
#include <mutex>

#include "runtime/core/services.hpp"
#include "runtime/core/turn/turn_guard.hpp"

namespace flipsync {

/// Rings a second after its start and every two from then on, until it is stopped or the turn has
/// ended. Thread-safe.
class progress_bell : public std::enable_shared_from_this<progress_bell> {
public:
  static std::shared_ptr<progress_bell> start(std::shared_ptr<const environment> env,
                                              const std::shared_ptr<turn_guard>& guard,
                                              std::size_t provider);
  /// From now on that provider is waited for.
  void turn_to(std::size_t provider) noexcept { provider_.store(provider); }
  void stop();

private:
  void set_alarm(std::chrono::milliseconds in);
  void ring();

  std::shared_ptr<const environment> env_;
  std::weak_ptr<turn_guard> guard_;
  std::atomic<std::size_t> provider_ = 0;
  mono_time began_{};
  std::mutex mutex_;
  bool stopped_ = false;
  alarm_queue::ticket alarm_;
};

} // namespace flipsync
