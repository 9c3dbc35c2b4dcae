#include "adapters/providers/common/retry_after.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::providers;
using namespace std::chrono_literals;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

/// 1994-11-06T08:49:37Z, the example date of the standard.
constexpr wall_time example{std::chrono::milliseconds{784111777000}};

std::optional<std::chrono::milliseconds> wait_of(headers list, wall_time now = example) {
  exchange_head head;
  head.headers = std::move(list);
  return retry_after_of(head, now);
}

} // namespace

TEST_CASE("retry-after is read in seconds, with a fraction too") {
  CHECK(wait_of({{"retry-after", "7"}}) == 7000ms);
  CHECK(wait_of({{"retry-after", "0.5"}}) == 500ms);
  CHECK(wait_of({{"retry-after", "0"}}) == 0ms);
}

TEST_CASE("retry-after is read as a date, counted from the response's own date") {
  CHECK(wait_of({{"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"}}) == 30s);
  CHECK(wait_of({{"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"},
                 {"date", "Sun, 06 Nov 1994 08:50:00 GMT"}})
        == 7s);
  CHECK(wait_of({{"retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"}}) == 0ms);
}

TEST_CASE("retry-after-ms goes before retry-after") {
  CHECK(wait_of({{"retry-after", "7"}, {"retry-after-ms", "1250"}}) == 1250ms);
}

TEST_CASE("of the rate limit resets, the limit that is used up counts") {
  CHECK(wait_of({{"x-ratelimit-remaining-requests", "0"},
                 {"x-ratelimit-reset-requests", "1s"},
                 {"x-ratelimit-remaining-tokens", "4000"},
                 {"x-ratelimit-reset-tokens", "6m0s"}})
        == 1s);
  CHECK(wait_of({{"x-ratelimit-reset-requests", "1s"}, {"x-ratelimit-reset-tokens", "20ms"}})
        == 1s);
  CHECK(wait_of({{"x-ratelimit-reset-tokens", "1h2m3.5s"}}) == 3723500ms);
}

TEST_CASE("what cannot be read is no waiting time, and none is longer than a day") {
  for (const auto* text : {"", "soon", "-5", "5 s", "1e400", "nan", "Sun, 06 Nov", "99:99:99",
                           "Sun, 31 Feb 1994 08:49:37 GMT"})
    CHECK_FALSE(wait_of({{"retry-after", text}}).has_value());
  CHECK_FALSE(wait_of({{"x-ratelimit-reset-tokens", "6x"}}).has_value());
  CHECK_FALSE(wait_of({}).has_value());
  CHECK(wait_of({{"retry-after", "99999999999"}}) == 24h);
  CHECK(wait_of({{"retry-after", "Sun, 06 Nov 2094 08:49:37 GMT"}}) == 24h);
}

TEST_CASE("all three date forms of HTTP give the same time") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == example);
}
