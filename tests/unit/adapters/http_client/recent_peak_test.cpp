#include "adapters/http_client/recent_peak.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::http::recent_peak;
using namespace std::chrono_literals;

TEST_CASE("a peak is remembered for one to two spans, then only what came after it") {
  const recent_peak::clock::time_point start{1h};
  recent_peak peak{10s};
  CHECK(peak.most() == 0);
  peak.saw(3, start);
  peak.saw(9, start + 1s);
  peak.saw(2, start + 9s);
  CHECK(peak.most() == 9);
  peak.saw(4, start + 11s);
  CHECK(peak.most() == 9);
  peak.saw(1, start + 22s);
  CHECK(peak.most() == 4);
  peak.saw(1, start + 33s);
  CHECK(peak.most() == 1);
}

TEST_CASE("after a long silence nothing of before counts") {
  const recent_peak::clock::time_point start{1h};
  recent_peak peak{10s};
  peak.saw(9, start);
  peak.saw(1, start + 60s);
  CHECK(peak.most() == 1);
}
