#include "runtime/core/ports/thread_loan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>

using namespace flipsync;

namespace {

struct counts {
  int run = 0;
  int given_back = 0;

  thread_loan::work work() {
    return {[](void* self, void*) { ++static_cast<counts*>(self)->run; },
            [](void* self, void*) { ++static_cast<counts*>(self)->given_back; }, this, nullptr};
  }
};

} // namespace

TEST_CASE("A lent thread is asked to run what it took, once") {
  counts seen;
  int asked = 0;
  thread_loan loan{[&] { ++asked; }};
  REQUIRE(thread_loan::here() == &loan);
  CHECK(loan.free());
  loan.take(seen.work());
  CHECK(asked == 1);
  CHECK_FALSE(loan.free());
  CHECK(seen.run == 0);
  loan.run();
  loan.run();
  CHECK(loan.free());
  CHECK(seen.run == 1);
  CHECK(seen.given_back == 0);
}

TEST_CASE("A loan that ends gives back what it has not run, and the thread is lent no more") {
  counts seen;
  {
    thread_loan loan{[] {}};
    loan.take(seen.work());
  }
  CHECK(thread_loan::here() == nullptr);
  CHECK(seen.run == 0);
  CHECK(seen.given_back == 1);
}

TEST_CASE("What a lent thread gives back before it waits is not run there, and it is free again") {
  counts seen;
  thread_loan loan{[] {}};
  loan.take(seen.work());
  loan.give_back();
  loan.run();
  CHECK(loan.free());
  CHECK(seen.run == 0);
  CHECK(seen.given_back == 1);
}

TEST_CASE("A lent thread that has more to give hands over what it has not begun") {
  counts seen;
  thread_loan::more_comes(); // no loan here yet
  thread_loan loan{[] {}};
  thread_loan::more_comes(); // nothing taken yet
  CHECK(seen.given_back == 0);
  loan.take(seen.work());
  thread_loan::more_comes();
  CHECK(loan.free());
  CHECK(seen.given_back == 1);
  loan.run();
  CHECK(seen.run == 0);
}

TEST_CASE("A loan is its own thread's only") {
  const thread_loan loan{[] {}};
  const thread_loan* elsewhere = &loan;
  std::thread{[&] { elsewhere = thread_loan::here(); }}.join();
  CHECK(elsewhere == nullptr);
}

TEST_CASE("What is put off is called once, when the loop has begun what it was asked for") {
  int asked = 0;
  thread_loan loan{[&] { ++asked; }};
  std::string called;
  CHECK_FALSE(loan.has_work());
  CHECK(thread_loan::later([&] { called += 'a'; }));
  CHECK(thread_loan::later([&] { called += 'b'; }));
  CHECK(asked == 2); // the loop comes round before it waits
  CHECK(loan.has_work());
  CHECK(loan.free()); // work may come meanwhile
  loan.run();
  CHECK(called.empty());
  loan.asked_has_begun();
  loan.asked_has_begun();
  CHECK(called == "ab");
  CHECK_FALSE(loan.has_work());
}

TEST_CASE("What is put off once more has its turn the next time") {
  thread_loan loan{[] {}};
  int called = 0;
  const std::function<void()> again = [&] {
    if (++called < 3)
      thread_loan::later(again);
  };
  thread_loan::later(again);
  for (int i = 1; i <= 4; ++i) {
    loan.asked_has_begun();
    CHECK(called == std::min(i, 3));
  }
}

TEST_CASE("A loan that ends calls what was put off, and nothing is put off without one") {
  int called = 0;
  bool lent_still = true;
  {
    const thread_loan loan{[] {}};
    thread_loan::later([&] {
      ++called;
      lent_still = thread_loan::here() != nullptr;
    });
  }
  CHECK(called == 1);
  CHECK_FALSE(lent_still);
  CHECK_FALSE(thread_loan::later([&] { ++called; }));
  CHECK(called == 1);
}
