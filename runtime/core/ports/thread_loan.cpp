#include "runtime/core/ports/thread_loan.hpp"

#include <utility>

namespace flipsync {

namespace {
thread_local thread_loan* this_threads = nullptr;
} // namespace

thread_loan::thread_loan(std::function<void()> soon) : soon_{std::move(soon)} {
  this_threads = this;
}

thread_loan::~thread_loan() {
  this_threads = nullptr;
  give_back();
  asked_has_begun();
}

thread_loan* thread_loan::here() noexcept { return this_threads; }

void thread_loan::more_comes() {
  if (this_threads != nullptr)
    this_threads->give_back();
}

bool thread_loan::later(std::function<void()> step) {
  if (this_threads == nullptr)
    return false;
  this_threads->later_.push_back(std::move(step));
  this_threads->soon_();
  return true;
}

void thread_loan::asked_has_begun() {
  if (later_.empty())
    return;
  for (const auto& step : std::exchange(later_, {}))
    step();
}

void thread_loan::take(const work& next) {
  waiting_ = next;
  soon_();
}

void thread_loan::run() {
  if (const auto next = std::exchange(waiting_, std::nullopt))
    next->run(next->owner, next->job);
}

void thread_loan::give_back() {
  if (const auto left = std::exchange(waiting_, std::nullopt))
    left->give_back(left->owner, left->job);
}

} // namespace flipsync
