#include "runtime/core/model/circuit_breaker.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/runtime/core/model/start_time.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using flipsync::test::start;
using state = circuit_breaker::state;

namespace {

/// One that has just opened at `start`.
circuit_breaker opened() {
  circuit_breaker breaker;
  for (int i = 0; i < 5; ++i)
    breaker.failed(start - 1s, start);
  return breaker;
}

} // namespace

TEST_CASE("five failures in a row open the breaker, four do not") {
  circuit_breaker breaker;
  for (int i = 0; i < 4; ++i)
    breaker.failed(start, start);
  CHECK(breaker.at(start) == state::closed);
  breaker.failed(start, start);
  CHECK(breaker.at(start) == state::open);
  CHECK_FALSE(breaker.admits(start));
}

TEST_CASE("a success between failures begins the row again") {
  circuit_breaker breaker;
  for (int i = 0; i < 4; ++i)
    breaker.failed(start, start);
  breaker.succeeded(start);
  for (int i = 0; i < 4; ++i)
    breaker.failed(start, start);
  CHECK(breaker.at(start) == state::closed);
}

TEST_CASE("half of the last twenty open it, and no sooner than there are twenty") {
  circuit_breaker breaker;
  for (int i = 0; i < 9; ++i) {
    breaker.failed(start, start);
    breaker.succeeded(start);
  }
  breaker.failed(start, start);
  CHECK(breaker.at(start) == state::closed); // ten of nineteen
  breaker.failed(start, start);
  CHECK(breaker.at(start) == state::open);
}

TEST_CASE("the window forgets what is older than its length") {
  circuit_breaker breaker;
  for (int i = 0; i < 4; ++i)
    breaker.failed(start, start);
  for (int i = 0; i < 20; ++i)
    breaker.succeeded(start);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3; ++i)
      breaker.failed(start, start);
    breaker.succeeded(start);
  }
  CHECK(breaker.at(start) == state::closed); // nine of the last twenty
}

TEST_CASE("after its time one probe is let through, and only one") {
  auto breaker = opened();
  CHECK(breaker.at(start + 4999ms) == state::open);
  CHECK(breaker.at(start + 5s) == state::half_open);
  CHECK(breaker.admits(start + 5s));
  breaker.began(start + 5s);
  CHECK_FALSE(breaker.admits(start + 5s));
}

TEST_CASE("a probe that succeeds closes it, and the concurrency ramps back") {
  auto breaker = opened();
  breaker.began(start + 5s);
  breaker.succeeded(start + 5s);
  CHECK(breaker.at(start + 5s) == state::closed);
  CHECK(breaker.allowed(100) == 1);
  breaker.succeeded(start + 6s);
  breaker.succeeded(start + 6s);
  CHECK(breaker.allowed(100) == 3);
  for (int i = 0; i < 200; ++i)
    breaker.succeeded(start + 6s);
  CHECK(breaker.allowed(100) == 100);
}

TEST_CASE("a probe that fails keeps it open for as long again") {
  auto breaker = opened();
  breaker.began(start + 5s);
  breaker.failed(start + 5s, start + 6s);
  CHECK(breaker.at(start + 10s) == state::open);
  CHECK(breaker.admits(start + 11s));
}

TEST_CASE("a probe that was cancelled makes room for another") {
  auto breaker = opened();
  breaker.began(start + 5s);
  breaker.abandoned(start + 5s);
  CHECK(breaker.admits(start + 5s));
}

TEST_CASE("a probe whose end is never heard does not block for ever") {
  auto breaker = opened();
  breaker.began(start + 5s);
  CHECK_FALSE(breaker.admits(start + 9999ms));
  CHECK(breaker.admits(start + 10s));
}

TEST_CASE("what began before it opened says nothing afterwards") {
  auto breaker = opened();
  breaker.succeeded(start - 1ms);
  CHECK(breaker.at(start) == state::open);
  breaker.failed(start - 1ms, start + 4s);
  CHECK(breaker.at(start + 5s) == state::half_open);
}

TEST_CASE("a success of one that was asked all the same closes it") {
  auto breaker = opened();
  breaker.succeeded(start + 1s);
  CHECK(breaker.at(start + 1s) == state::closed);
}

TEST_CASE("the widest window is sixty-four outcomes") {
  circuit_breaker breaker{{.consecutive = 1000, .window = 1000, .percent = 100}};
  for (int i = 0; i < 63; ++i)
    breaker.failed(start, start);
  CHECK(breaker.at(start) == state::closed);
  breaker.failed(start, start);
  CHECK(breaker.at(start) == state::open);
}
