#pragma once
/// A turn's events on their way from the runtime's threads to the main one.

#include <mutex>
#include <vector>

#include "runtime/core/facade.hpp"

namespace flipsync::app {

/// Thread-safe.
class event_queue final : public event_sink {
public:
  event_queue();
  ~event_queue() override;
  event_queue(const event_queue&) = delete;
  event_queue& operator=(const event_queue&) = delete;

  void on_event(const turn_event& event) override;
  /// Readable while events wait.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// All that wait, in order.
  [[nodiscard]] std::vector<turn_event> take();

private:
  std::mutex mutex_;
  std::vector<turn_event> events_;
  int fd_ = -1;
};

} // namespace flipsync::app
