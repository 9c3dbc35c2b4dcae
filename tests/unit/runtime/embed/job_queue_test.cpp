#include "runtime/embed/job_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace flipsync;

namespace {

/// The queue never looks into a job, so any address will do.
caf::resumable* job(std::size_t number) {
  static std::array<char, 4096> places;
  return reinterpret_cast<caf::resumable*>(&places.at(number));
}

/// Threads that take jobs, counting how often each was taken, until they get job 0.
class workers {
public:
  workers(job_queue& queue, std::size_t count) : queue_{queue} {
    for (std::size_t i = 0; i < count; ++i)
      threads_.emplace_back([this] {
        for (auto* mine = queue_.take(); mine != job(0); mine = queue_.take()) {
          ++times_.at(static_cast<std::size_t>(reinterpret_cast<char*>(mine)
                                               - reinterpret_cast<char*>(job(0))));
          ++taken;
        }
      });
  }

  ~workers() {
    for (std::size_t i = 0; i < threads_.size(); ++i)
      queue_.push(job(0));
    for (auto& thread : threads_)
      thread.join();
  }

  void wait_until_all_sleep() const {
    while (queue_.asleep() < threads_.size())
      std::this_thread::yield();
  }

  [[nodiscard]] bool took_each_once(std::size_t jobs) const {
    for (std::size_t i = 1; i <= jobs; ++i)
      if (times_.at(i) != 1)
        return false;
    return true;
  }

  std::atomic<std::size_t> taken = 0;

private:
  job_queue& queue_;
  std::array<std::atomic<int>, 4096> times_{};
  std::vector<std::thread> threads_;
};

} // namespace

TEST_CASE("Jobs come out in the order in which they went in") {
  job_queue queue;
  CHECK(queue.try_take() == nullptr);
  for (std::size_t i = 1; i < 4; ++i)
    queue.push(job(i));
  CHECK(queue.take() == job(1));
  CHECK(queue.try_take() == job(2));
  CHECK(queue.take() == job(3));
  CHECK(queue.try_take() == nullptr);
}

TEST_CASE("Jobs keep their order when the queue outgrows its room, wherever its oldest one lies") {
  job_queue queue;
  std::size_t put = 0;
  std::size_t taken = 0;
  for (const std::size_t more : {200U, 700U, 100U, 2000U}) {
    for (std::size_t i = 0; i < more; ++i)
      queue.push(job(put++));
    for (std::size_t i = 0; i < more / 2; ++i)
      REQUIRE(queue.take() == job(taken++));
  }
  while (taken < put)
    REQUIRE(queue.try_take() == job(taken++));
  CHECK(queue.try_take() == nullptr);
}

TEST_CASE("A job that comes while all workers sleep is run, each time") {
  job_queue queue;
  workers threads{queue, 3};
  for (std::size_t i = 1; i <= 1000; ++i) {
    threads.wait_until_all_sleep();
    CHECK(threads.taken == i - 1);
    queue.push(job(i));
  }
  threads.wait_until_all_sleep();
  CHECK(threads.took_each_once(1000));
}

TEST_CASE("Jobs from many threads at once are each run once, and none stays behind") {
  job_queue queue;
  workers threads{queue, 4};
  constexpr std::size_t pushers = 4;
  constexpr std::size_t each = 1000;
  std::vector<std::thread> pushing;
  for (std::size_t p = 0; p < pushers; ++p)
    pushing.emplace_back([&queue, p] {
      for (std::size_t i = 1; i <= each; ++i)
        queue.push(job(p * each + i));
    });
  for (auto& thread : pushing)
    thread.join();
  // All asleep: nothing is left, as nothing would wake them for it.
  threads.wait_until_all_sleep();
  CHECK(queue.try_take() == nullptr);
  CHECK(threads.took_each_once(pushers * each));
}

TEST_CASE(
  "A job is lent out only where a push would wake a worker, and the loan's end is waited for") {
  job_queue queue;
  CHECK_FALSE(queue.begin_loan(1));
  workers one{queue, 1};
  one.wait_until_all_sleep();
  REQUIRE(queue.begin_loan(1));
  std::atomic<bool> ended = false;
  std::thread lender{[&] {
    ended = true;
    queue.end_loan();
  }};
  queue.await_loans(0);
  CHECK(ended);
  lender.join();
}
