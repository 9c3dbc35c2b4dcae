#include "runtime/embed/job_queue.hpp"

namespace flipsync {

void job_queue::push(caf::resumable* job) {
  {
    const std::lock_guard lock{mutex_};
    jobs_.push_back(job);
    if (asleep_ == 0)
      return;
    --asleep_;
    ++woken_;
  }
  wake_.notify_one();
}

caf::resumable* job_queue::take() {
  std::unique_lock lock{mutex_};
  while (jobs_.empty()) {
    ++asleep_;
    wake_.wait(lock, [this] { return woken_ > 0; });
    --woken_;
  }
  return front_locked();
}

caf::resumable* job_queue::try_take() {
  const std::lock_guard lock{mutex_};
  return jobs_.empty() ? nullptr : front_locked();
}

std::size_t job_queue::asleep() const {
  const std::lock_guard lock{mutex_};
  return asleep_;
}

bool job_queue::begin_loan() {
  const std::lock_guard lock{mutex_};
  if (asleep_ == 0)
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

caf::resumable* job_queue::front_locked() {
  auto* job = jobs_.front();
  jobs_.pop_front();
  return job;
}

} // namespace flipsync
