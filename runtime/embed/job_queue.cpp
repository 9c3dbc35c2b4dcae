#include "runtime/embed/job_queue.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace flipsync {

namespace {
/// Each is a yield, which costs less than a microsecond where nobody else wants the core.
constexpr int looks_before_sleep = 2;
} // namespace

void job_queue::push(caf::resumable* job) {
  {
    const std::lock_guard lock{mutex_};
    put_locked(job);
    if (asleep_ == 0)
      return;
    --asleep_;
    ++woken_;
  }
  wake_.notify_one();
}

caf::resumable* job_queue::take() {
  std::unique_lock lock{mutex_};
  while (count_ == 0) {
    // Under load the next job is one that another thread is about to make ready, if it gets the
    // core: that spares both a sleep and a wake.
    for (int looks = 0; looks < looks_before_sleep && count_ == 0; ++looks) {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
    if (count_ != 0)
      break;
    ++asleep_;
    wake_.wait(lock, [this] { return woken_ > 0; });
    --woken_;
  }
  return front_locked();
}

caf::resumable* job_queue::try_take() {
  const std::lock_guard lock{mutex_};
  return count_ == 0 ? nullptr : front_locked();
}

std::size_t job_queue::asleep() const {
  const std::lock_guard lock{mutex_};
  return asleep_;
}

bool job_queue::begin_loan(std::size_t workers) {
  const std::lock_guard lock{mutex_};
  if (asleep_ < workers)
    return false;
  ++loans_;
  return true;
}

void job_queue::end_loan() {
  const std::lock_guard lock{mutex_};
  --loans_;
  loan_ended_.notify_all(); // under the lock, since the queue may be gone right after it
}

void job_queue::await_loans(std::size_t most) {
  std::unique_lock lock{mutex_};
  loan_ended_.wait(lock, [&] { return loans_ <= most; });
}

void job_queue::put_locked(caf::resumable* job) {
  if (count_ == room_)
    grow_locked();
  jobs_[(first_ + count_++) & (room_ - 1)] = job;
}

caf::resumable* job_queue::front_locked() {
  auto* job = jobs_[first_];
  first_ = (first_ + 1) & (room_ - 1);
  --count_;
  return job;
}

void job_queue::grow_locked() {
  constexpr std::uint32_t fewest = 256;
  const auto room = std::max(room_ * 2, fewest);
  auto jobs = std::make_unique<caf::resumable*[]>(room);
  for (std::uint32_t i = 0; i < count_; ++i)
    jobs[i] = jobs_[(first_ + i) & (room_ - 1)];
  jobs_ = std::move(jobs);
  room_ = room;
  first_ = 0;
}

} // namespace flipsync
