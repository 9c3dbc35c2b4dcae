#include "runtime/core/model/rate_window.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

#include "tests/unit/runtime/core/model/start_time.hpp"

using namespace flipsync;
using namespace std::chrono_literals;
using flipsync::test::start;

namespace {

const mono_time late = start + 1h;

} // namespace

TEST_CASE("without limits every call goes at once, and nothing is kept") {
  rate_window window;
  for (int i = 0; i < 1000; ++i)
    CHECK(window.take(start, 1000000, start) == start);
  CHECK(window.waiting(start) == 0);
}

TEST_CASE("what exceeds the requests of a minute waits until the oldest is a minute old") {
  rate_window window{{.requests_per_minute = 2}};
  CHECK(window.take(start, 1, late) == start);
  CHECK(window.take(start + 10s, 1, late) == start + 10s);
  CHECK(window.take(start + 20s, 1, late) == start + 60s);
  CHECK(window.take(start + 20s, 1, late) == start + 70s);
  CHECK(window.waiting(start + 20s) == 2);
}

TEST_CASE("no sixty seconds hold more than is allowed") {
  rate_window window{{.requests_per_minute = 5, .max_waiting = 1000}};
  std::vector<mono_time> places;
  places.reserve(40);
  for (int i = 0; i < 40; ++i)
    places.push_back(*window.take(start + i * 1s, 1, late));
  for (std::size_t i = 5; i < places.size(); ++i)
    CHECK(places[i] - places[i - 5] >= 60s);
}

TEST_CASE("tokens count as expected, and as used once that is known") {
  rate_window window{{.tokens_per_minute = 1000}};
  CHECK(window.take(start, 900, late) == start);
  CHECK(window.earliest(start, 200) == start + 60s);
  window.settle(start, 900, 300);
  CHECK(window.take(start, 200, late) == start);
}

TEST_CASE("a call larger than a minute's tokens goes when the window is empty") {
  rate_window window{{.tokens_per_minute = 1000}};
  CHECK(window.take(start, 5000, late) == start);
  CHECK(window.take(start, 5000, late) == start + 60s);
}

TEST_CASE("who cannot go before its deadline gets no place") {
  rate_window window{{.requests_per_minute = 1}};
  CHECK(window.take(start, 1, late) == start);
  CHECK_FALSE(window.take(start, 1, start + 59s).has_value());
  CHECK(window.waiting(start) == 0);
}

TEST_CASE("the waiting places are bounded") {
  rate_window window{{.requests_per_minute = 1, .max_waiting = 2}};
  CHECK(window.take(start, 1, late).has_value());
  CHECK(window.take(start, 1, late).has_value());
  CHECK(window.take(start, 1, late).has_value());
  CHECK_FALSE(window.take(start, 1, late).has_value());
}

TEST_CASE("a place given back is another's") {
  rate_window window{{.requests_per_minute = 1}};
  CHECK(window.take(start, 7, late) == start);
  window.give_back(start, 7);
  CHECK(window.take(start, 1, late) == start);
}
