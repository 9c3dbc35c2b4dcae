#include "runtime/embed/lent_unit.hpp"

namespace flipsync {

namespace {
thread_local const lent_unit* running_here = nullptr;
} // namespace

lent_unit::lent_unit(caf::actor_system& system, job_queue& shared)
  : caf::execution_unit{&system},
    shared_{shared} {
  running_here = this;
}

lent_unit::~lent_unit() { running_here = nullptr; }

bool lent_unit::runs_here(const job_queue& shared) noexcept {
  return running_here != nullptr && &running_here->shared_ == &shared;
}

void lent_unit::run(caf::resumable* job, std::size_t throughput) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + longest;
  for (;; ++done_) {
    switch (job->resume(this, throughput)) {
    case caf::resumable::resume_later:
      ready_.push_back(job);
      break;
    case caf::resumable::shutdown_execution_unit: // for workers only
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    }
    if (done_ == ready_.size() || done_ + 1 == most || clock::now() >= end)
      break;
    job = ready_[done_];
  }
  for (; done_ < ready_.size(); ++done_)
    shared_.push(ready_[done_]);
}

void lent_unit::exec_later(caf::resumable* job) {
  // CAF calls this on the thread that runs the unit; an actor that is used from elsewhere, against
  // CAF's rules, must not make two threads write one place.
  if (running_here == this && ready_.size() - done_ < ahead)
    ready_.push_back(job);
  else
    shared_.push(job);
}

} // namespace flipsync
