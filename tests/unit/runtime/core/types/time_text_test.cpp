#include <catch2/catch_test_macros.hpp>

#include "runtime/core/types/units.hpp"

using namespace flipsync;
using namespace std::chrono;

namespace {

wall_time at(int y, unsigned m, unsigned d, milliseconds of_day = 0ms) {
  return wall_time{sys_days{year{y} / month{m} / day{d}} + of_day};
}

} // namespace

TEST_CASE("Times are written in UTC with milliseconds") {
  CHECK(to_rfc3339(at(2026, 3, 1, 12h)) == "2026-03-01T12:00:00.000Z");
  CHECK(to_rfc3339(at(1970, 1, 1, 7ms)) == "1970-01-01T00:00:00.007Z");
  CHECK(to_rfc3339(at(1969, 12, 31, 23h + 59min + 59s + 999ms)) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(at(2024, 2, 29, 1h + 2min + 3s + 45ms)) == "2024-02-29T01:02:03.045Z");
}

TEST_CASE("RFC 3339 times parse with any offset and fraction") {
  struct row {
    const char* text;
    wall_time expected;
  };
  const row rows[] = {
    {"2026-03-01T12:00:00Z", at(2026, 3, 1, 12h)},
    {"2026-03-01t12:00:00z", at(2026, 3, 1, 12h)},
    {"2026-03-01 12:00:00Z", at(2026, 3, 1, 12h)},
    {"2026-03-01T12:00:00.5Z", at(2026, 3, 1, 12h + 500ms)},
    {"2026-03-01T12:00:00.123456789Z", at(2026, 3, 1, 12h + 123ms)},
    {"2026-03-01T12:00:00+02:00", at(2026, 3, 1, 10h)},
    {"2026-03-01T01:00:00+02:30", at(2026, 2, 28, 22h + 30min)},
    {"2025-12-31T20:00:00-05:00", at(2026, 1, 1, 1h)},
    {"2026-03-01T12:00:00-00:00", at(2026, 3, 1, 12h)},
    {"2016-12-31T23:59:60Z", at(2017, 1, 1)},
    {"2026-03-01", at(2026, 3, 1)},
    {"2024-02-29", at(2024, 2, 29)},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto parsed = parse_rfc3339(r.text);
    REQUIRE(parsed.has_value());
    CHECK(*parsed == r.expected);
  }
}

TEST_CASE("What is no RFC 3339 time is refused") {
  for (const char* text : {"",
                           "today",
                           "2026",
                           "2026-3-1",
                           "2026-02-29",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-04-31",
                           "2026-03-01T",
                           "2026-03-01T12:00",
                           "2026-03-01T12:00:00",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T12:60:00Z",
                           "2026-03-01T12:00:61Z",
                           "2026-03-01T12:00:00.Z",
                           "2026-03-01T12:00:00+0200",
                           "2026-03-01T12:00:00+24:00",
                           "2026-03-01T12:00:00Zjunk",
                           "2026/03/01",
                           "-026-03-01",
                           "2026-03-01X12:00:00Z",
                           " 2026-03-01"}) {
    INFO(text);
    const auto parsed = parse_rfc3339(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == errc::invalid_request);
  }
}

TEST_CASE("A written time parses back to itself") {
  for (const auto t : {at(2026, 3, 1, 12h + 1ms), at(1999, 12, 31), at(2100, 2, 28, 23h)})
    CHECK(parse_rfc3339(to_rfc3339(t)).value() == t);
}
