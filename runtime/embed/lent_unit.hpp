#pragma once
/// What a lent thread is to the actors that it runs (docs/adr/0019).

#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

#include "runtime/embed/job_queue.hpp"

namespace flipsync {

/// Runs actors on the calling thread, one after another: the one given, and those that they make
/// ready. What is left after `most` jobs or `longest` goes to the workers' queue, so that the
/// thread's own business does not wait; so does what `ahead` others wait before already, since
/// that is no longer one turn's chain and a worker does it sooner.
class lent_unit final : public caf::execution_unit {
public:
  static constexpr unsigned most = 32;
  static constexpr std::size_t ahead = 3;
  static constexpr std::chrono::microseconds longest{500};

  lent_unit(caf::actor_system& system, job_queue& shared);
  ~lent_unit() override;
  lent_unit(const lent_unit&) = delete;
  lent_unit& operator=(const lent_unit&) = delete;

  /// `throughput`: messages that an actor may take before it lets others go first.
  void run(caf::resumable* job, std::size_t throughput);
  void exec_later(caf::resumable* job) override;

  /// Whether the calling thread is within `run`, for the workers of that queue.
  static bool runs_here(const job_queue& shared) noexcept;

private:
  job_queue& shared_;
  std::vector<caf::resumable*> ready_;
  std::size_t done_ = 0; ///< of those that were made ready
};

} // namespace flipsync
