#pragma once
/// How the runtime's workers share actors (docs/adr/0013). CAF's own policies either poll
/// (stealing) or wake another worker at every message between actors (sharing), although the
/// sender's worker is about to be free: a turn is a chain of a dozen such messages.

#include <caf/fwd.hpp>
#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>

#include <utility>

#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/embed/job_queue.hpp"
#include "runtime/embed/lent_unit.hpp"

namespace flipsync {

/// A CAF scheduling policy. The first actor that a running actor makes ready is its worker's next;
/// every further one, and whatever comes from another thread, goes to the queue that all share. A
/// thread that is lent (thread_loan) does what it has made ready itself where a worker would have
/// to be woken for it, in the same manner.
class worker_policy : public caf::policy::unprofiled {
public:
  /// Jobs that a worker takes from its own place in a row before the shared queue has a turn, so
  /// that two actors that talk to each other cannot keep a worker for themselves.
  static constexpr unsigned most_in_a_row = 16;

  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}
    job_queue shared;
  };

  /// Touched by its worker's thread only.
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
    caf::resumable* next = nullptr;
    unsigned in_a_row = 0;
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    auto& shared = d(self).shared;
    auto* loan = thread_loan::here();
    if (loan != nullptr && loan->free() && shared.begin_loan(self->num_workers()))
      loan->take({&run_lent<Coordinator>, &give_back<Coordinator>, self, job});
    else
      shared.push(job);
  }

  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    d(self->parent()).shared.push(job);
  }

  /// CAF calls this on the worker's thread; an actor that is used from elsewhere, against CAF's
  /// rules, must not make two threads write one place.
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    auto& mine = d(self);
    if (worker_here == self && mine.next == nullptr)
      mine.next = job;
    else
      d(self->parent()).shared.push(job);
  }

  /// The job has had its share for now: others first.
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    d(self->parent()).shared.push(job);
  }

  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    worker_here = self;
    auto& mine = d(self);
    auto& shared = d(self->parent()).shared;
    if (mine.next != nullptr && mine.in_a_row < most_in_a_row) {
      ++mine.in_a_row;
      return std::exchange(mine.next, nullptr);
    }
    mine.in_a_row = 0;
    if (mine.next == nullptr)
      return shared.take();
    if (auto* other = shared.try_take())
      return other;
    return std::exchange(mine.next, nullptr);
  }

  /// At a worker's end: others run what is left.
  template <class Worker>
  void before_shutdown(Worker* self) {
    if (auto* left = std::exchange(d(self).next, nullptr))
      d(self->parent()).shared.push(left);
  }

  template <class Worker, class F>
  void foreach_resumable(Worker* self, F f) {
    if (auto* left = std::exchange(d(self).next, nullptr))
      f(left);
  }

  template <class Coordinator, class F>
  void foreach_central_resumable(Coordinator* self, F f) {
    // At the end; the runtime may be destroyed on a lent thread, by what it runs.
    d(self).shared.await_loans(lent_unit::runs_here(d(self).shared) ? 1 : 0);
    while (auto* left = d(self).shared.try_take())
      f(left);
  }

private:
  template <class Coordinator>
  static void run_lent(void* owner, void* job) {
    auto& self = *static_cast<Coordinator*>(owner);
    auto& shared = self.data().shared;
    lent_unit{self.system(), shared}.run(static_cast<caf::resumable*>(job), self.max_throughput());
    shared.end_loan();
  }

  template <class Coordinator>
  static void give_back(void* owner, void* job) {
    auto& shared = static_cast<Coordinator*>(owner)->data().shared;
    shared.push(static_cast<caf::resumable*>(job));
    shared.end_loan();
  }

  /// The worker whose thread this is, if it is a worker's.
  static inline thread_local const void* worker_here = nullptr;
};

/// Has the actor system schedule by this policy.
void use_worker_policy(caf::actor_system_config& config);

} // namespace flipsync
