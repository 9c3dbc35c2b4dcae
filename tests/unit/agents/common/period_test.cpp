#include "agents/common/period.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

/// Saturday, 28 November 2026.
wall_time a_saturday() { return parse_rfc3339("2026-11-28T18:30:00Z").value(); }

/// What the message's first period reads as; empty where it has none.
std::string period_in(std::string_view message, wall_time now = a_saturday()) {
  const auto reading = read_message(message, vocabulary{}, default_shop_rules(), {});
  const auto found = periods_of(reading, now);
  return found.empty() ? std::string{} : spoken(found.front());
}

} // namespace

TEST_CASE("a period is read from what people write") {
  const std::pair<const char*, const char*> rows[] = {
    {"What was our revenue yesterday?", "on 27 November 2026"},
    {"revenue the day before yesterday", "on 26 November 2026"},
    {"how much did we sell today", "on 28 November 2026"},
    {"best sellers last week", "from 16 to 22 November 2026"},
    {"orders of this week", "from 23 to 28 November 2026"},
    {"revenue in the past week", "from 22 to 28 November 2026"},
    {"revenue last 7 days", "from 22 to 28 November 2026"},
    {"revenue over the last two weeks", "from 15 to 28 November 2026"},
    {"revenue of the last 3 months", "from 29 August to 28 November 2026"},
    {"sales this month", "from 1 to 28 November 2026"},
    {"sales of last month", "from 1 to 31 October 2026"},
    {"sales last year", "from 1 January to 31 December 2025"},
    {"How much revenue did we make in October?", "from 1 to 31 October 2026"},
    {"revenue in Dec", "from 1 to 31 December 2025"},
    {"revenue in December 2024", "from 1 to 31 December 2024"},
    {"revenue last November", "from 1 to 30 November 2025"},
    {"revenue in may", "from 1 to 31 May 2026"},
    {"what is our revenue in Q3?", "from 1 July to 30 September 2026"},
    {"revenue Q4 2025", "from 1 October to 31 December 2025"},
    {"revenue of the first quarter", "from 1 January to 31 March 2026"},
    {"sales last quarter", "from 1 July to 30 September 2026"},
    {"revenue in 2025", "from 1 January to 31 December 2025"},
    {"How many orders did we get since the 1st?", "from 1 to 28 November 2026"},
    {"orders since the 30th", "from 30 October to 28 November 2026"},
    {"sales since the 1st of November", "from 1 to 28 November 2026"},
    {"sales since 20 Oct", "from 20 October to 28 November 2026"},
    {"sales since October", "from 1 October to 28 November 2026"},
    {"sales since Monday", "from 23 to 28 November 2026"},
    {"orders on Monday", "on 23 November 2026"},
    {"orders on Saturday", "on 21 November 2026"},
    {"sales since last month", "from 1 October to 28 November 2026"},
    {"how did we do between 3 and 9 Nov?", "from 3 to 9 November 2026"},
    {"revenue 3-9 Nov", "from 3 to 9 November 2026"},
    {"revenue from Nov 3 to 9", "from 3 to 9 November 2026"},
    {"revenue between Oct 28 and Nov 3", "from 28 October to 3 November 2026"},
    {"revenue from 2026-11-03 to 2026-11-09", "from 3 to 9 November 2026"},
    {"revenue from October to November", "from 1 October to 28 November 2026"},
    {"revenue on 2026-11-03", "on 3 November 2026"},
    {"revenue on the 3rd of November", "on 3 November 2026"},
    {"revenue on November 3rd, 2025", "on 3 November 2025"},
    {"revenue on 3 December", "on 3 December 2025"}};
  for (const auto& [message, expected] : rows) {
    INFO(message);
    CHECK(period_in(message) == expected);
  }
}

TEST_CASE("what is no span that lies behind is none") {
  for (const auto* message :
       {"What should I do today?", "Which products run out this week?", "How long will it last?",
        "How long will 13 units last until October?", "the last order", "what may I charge",
        "march on", "stock by december", "in 12 months", "last 5 orders",
        "between 50 and 60 dollars", "at 30", "sales 3000", "next month", "since when",
        "between us"}) {
    INFO(message);
    CHECK(period_in(message).empty());
  }
}

TEST_CASE("the catalogue's names are no months") {
  vocabulary words;
  words.add(entity_kind::brand, "August");
  const auto reading = read_message("sales of August", words, default_shop_rules(), {});
  CHECK(periods_of(reading, a_saturday()).empty());
}

TEST_CASE("days are told as they stand in the calendar") {
  const auto january = parse_rfc3339("2026-01-01T00:00:00Z").value();
  CHECK(period_in("sales yesterday", january) == "on 31 December 2025");
  CHECK(period_in("sales last 3 days", january) == "from 30 December 2025 to 1 January 2026");
  const auto leap = parse_rfc3339("2024-03-31T23:59:59Z").value();
  CHECK(period_in("sales of the last 1 months", leap) == "from 1 to 31 March 2024");
  CHECK(period_in("sales last month", leap) == "from 1 to 29 February 2024");
}

TEST_CASE("the usual 30 days are known as such, and two periods are both found") {
  const auto read = [](std::string_view message) {
    return periods_of(read_message(message, vocabulary{}, default_shop_rules(), {}), a_saturday());
  };
  CHECK(read("revenue last 30 days").front().usual);
  CHECK(read("revenue of the past month").front().usual);
  CHECK_FALSE(read("revenue last 31 days").front().usual);
  const auto message = "compare the sales of this month with last month";
  const auto both = read(message);
  REQUIRE(both.size() == 2);
  CHECK(as_said(both[1], read_message(message, vocabulary{}, default_shop_rules(), {}))
        == "last month");
}
