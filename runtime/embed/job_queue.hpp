#pragma once
/// The queue that a runtime's workers share.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
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
  void put_locked(caf::resumable* job);
  caf::resumable* front_locked();
  void grow_locked();

  // Every push and take of every thread goes through these, and a line of memory that another core
  // has written costs more than the rest of it: so they are on one.
  alignas(64) mutable std::mutex mutex_;
  std::unique_ptr<caf::resumable*[]> jobs_; ///< a ring
  std::uint32_t room_ = 0;                  ///< its places: 0 or a power of two
  std::uint32_t first_ = 0;                 ///< place of the oldest job
  std::uint32_t count_ = 0;
  std::uint16_t asleep_ = 0;
  std::uint16_t woken_ = 0; ///< wakes given and not yet taken up

  alignas(64) std::condition_variable wake_;
  std::condition_variable loan_ended_;
  std::size_t loans_ = 0;
};

} // namespace flipsync
