#pragma once
/// A callback that is called exactly once: with the answer, when its time is over, or when whoever
/// should have answered is gone.

#include <atomic>
#include <functional>
#include <memory>

#include "runtime/core/turn/alarm_queue.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

/// Thread-safe. Held by who will answer; dropping the last of it answers with errc::agent_down.
template <class T>
class awaited : public std::enable_shared_from_this<awaited<T>> {
public:
  using callback = std::function<void(result<T>)>;

  explicit awaited(callback done) : done_{std::move(done)} {}
  ~awaited() { answer(error{errc::agent_down, "the actor that was asked went down"}); }
  awaited(const awaited&) = delete;
  awaited& operator=(const awaited&) = delete;

  /// Answers with errc::deadline_exceeded at that time unless there is an answer before.
  void limit(std::shared_ptr<alarm_queue> alarms, mono_time until) {
    alarms_ = std::move(alarms);
    alarm_ = alarms_->set(until, [weak = this->weak_from_this()] {
      if (const auto self = weak.lock())
        self->answer(error{errc::deadline_exceeded, "no answer in time"});
    });
  }

  /// Only the first answer counts.
  void answer(result<T> outcome) {
    if (answered_.exchange(true))
      return;
    if (alarms_)
      alarms_->take_back(alarm_);
    done_(std::move(outcome));
  }
  [[nodiscard]] bool answered() const noexcept { return answered_.load(); }

private:
  callback done_;
  std::atomic<bool> answered_ = false;
  std::shared_ptr<alarm_queue> alarms_;
  alarm_queue::ticket alarm_;
};

} // namespace flipsync
