#include "runtime/core/cache/cache_metrics.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace flipsync;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("each cache's figures stand under its class and provider") {
  cache_view reads{.name = "reads", .hits = 3, .misses = 1};
  cache_view answers{.name = "model", .hits = 5};
  answers.provider = "p";
  answers.saved_time = 2500ms;
  std::string text;
  append_cache_metrics(text, {reads, answers}, std::nullopt);
  CHECK_THAT(text, ContainsSubstring("flipsync_cache_hits_total{class=\"reads\"} 3\n"));
  CHECK_THAT(text,
             ContainsSubstring("flipsync_cache_hits_total{class=\"model\",provider=\"p\"} 5\n"));
  CHECK_THAT(text,
             ContainsSubstring(
               "flipsync_cache_saved_milliseconds_total{class=\"model\",provider=\"p\"} 2500\n"));
  CHECK_THAT(text, ContainsSubstring("# TYPE flipsync_cache_bytes gauge\n"));
  CHECK_THAT(text, !ContainsSubstring("second_up"));
}

TEST_CASE("the second cache's state is shown where there is one") {
  std::string text;
  append_cache_metrics(text, {}, second_cache_view{true, 2, 7});
  CHECK_THAT(text, ContainsSubstring("flipsync_cache_second_up 1\n"));
  CHECK_THAT(text, ContainsSubstring("flipsync_cache_second_failures_total 2\n"));
  CHECK_THAT(text, ContainsSubstring("flipsync_cache_second_dropped_total 7\n"));
}
