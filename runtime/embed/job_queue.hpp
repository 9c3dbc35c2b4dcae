#pragma once
/// The queue that a runtime's workers share.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

namespace caf {
class resumable;
} // namespace caf

namespace flipsync {

/// Thread-safe, first in, first out. A push wakes a worker only if one sleeps that nobody has woken
/// yet, and never while it holds the lock that the woken one needs.
class job_queue {
public:
  void push(caf::resumable* job);
  /// Waits for a job.
  [[nodiscard]] caf::resumable* take();
  /// The oldest job, or nullptr.
  [[nodiscard]] caf::resumable* try_take();
  /// Workers that wait in `take` and were not woken yet.
  [[nodiscard]] std::size_t asleep() const;

  /// Whether the thread that has a job should do it itself, since all `workers` sleep and a push
  /// would have to wake one. Each true is followed by one call of end_loan.
  [[nodiscard]] bool begin_loan(std::size_t workers);
  void end_loan();
  /// Waits until at most `most` loans are left.
  void await_loans(std::size_t most);

private:
  caf::resumable* front_locked();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable loan_ended_;
  std::deque<caf::resumable*> jobs_;
  std::size_t asleep_ = 0;
  std::size_t loans_ = 0;
  std::size_t woken_ = 0; ///< wakes given and not yet taken up
};

} // namespace flipsync
