#include "adapters/bridge/door_figures.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace flipsync;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a percentile lies within its bucket, by share") {
  constexpr std::int64_t bounds[]{100, 200, 400};
  constexpr std::uint64_t counts[]{0, 10, 0, 0};
  CHECK(percentile_of(counts, bounds, 50) == 150);
  CHECK(percentile_of(counts, bounds, 99) == 200);
  constexpr std::uint64_t none[]{0, 0, 0, 0};
  CHECK(percentile_of(none, bounds, 50) == 0);
  constexpr std::uint64_t beyond[]{0, 0, 0, 4};
  CHECK(percentile_of(beyond, bounds, 50) == 400);
}

TEST_CASE("only routes that were asked for are shown, with their errors") {
  http_metrics m;
  const auto chat = match_route(http_method::post, "/api/v1/chat").number;
  m.record(chat, 200, std::chrono::microseconds{70});
  m.record(chat, 503, std::chrono::microseconds{70});
  const http_metrics* const sets[]{&m};
  std::string out;
  append_figures(out, sets, 3);
  CHECK_THAT(out, ContainsSubstring(R"("in_flight":3)"));
  CHECK_THAT(
    out, ContainsSubstring(R"([{"route":"/api/v1/chat","method":"POST","requests":2,"errors":1)"));
}
