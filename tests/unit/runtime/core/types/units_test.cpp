#include "runtime/core/types/units.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace flipsync;

TEST_CASE("Scaling money rounds half away from zero") {
  struct row {
    std::int64_t cents, thousandths, expected;
  };
  const row rows[] = {
    {1000, 980, 980}, {1999, 1050, 2099}, {1, 500, 1},          {-1, 500, -1},
    {1, 499, 0},      {-1, 499, 0},       {3, 500, 2},          {-3, 500, -2},
    {100, 0, 0},      {100, -1000, -100}, {12345, 1000, 12345}, {2499, 1333, 3331},
    {150, 1003, 150}, {500, 1001, 501},
  };
  for (const auto& r : rows) {
    INFO(r.cents << " x " << r.thousandths);
    CHECK(scale(money{r.cents}, r.thousandths).cents == r.expected);
  }
}

TEST_CASE("Scaling beyond the range stays at its border instead of turning the sign") {
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  CHECK(scale(money{highest}, 1050).cents == highest);
  CHECK(scale(money{lowest}, 1050).cents == lowest);
  CHECK(scale(money{highest}, highest).cents == highest);
  CHECK(scale(money{highest}, lowest).cents == lowest);
  CHECK(scale(money{highest}, 1000).cents == highest);
}

TEST_CASE("A ratio to nothing is zero") {
  CHECK(ratio(money{50}, money{200}) == 0.25);
  CHECK(ratio(money{50}, money{0}) == 0.0);
}

TEST_CASE("Money is parsed from the forms that people and spreadsheets write") {
  struct row {
    const char* text;
    std::int64_t cents;
  };
  const row rows[] = {
    {"12", 1200},
    {"12.5", 1250},
    {"12.50", 1250},
    {"$12.50", 1250},
    {"1,299.00", 129900},
    {"$1,299", 129900},
    {"0", 0},
    {"0.01", 1},
    {".5", 50},
    {"-3.20", -320},
    {"-$3.20", -320},
    {"$-3.20", -320},
    {" 7 ", 700},
    {"+4", 400},
    {"12.500", 1250},
    {"12.50000", 1250},
    {"007", 700},
    {"1,234,567.89", 123456789},
    {"90000000000000", 9'000'000'000'000'000},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto parsed = parse_money(r.text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->cents == r.cents);
  }
}

TEST_CASE("What is no amount of money is refused") {
  for (const char* text : {"",
                           " ",
                           "$",
                           "-",
                           ".",
                           "5.",
                           "abc",
                           "12a",
                           "1.2.3",
                           "12.345",
                           "12,50",
                           "1,29",
                           "1,2999",
                           "0,125",
                           "-$0,125",
                           "001,299",
                           ",5",
                           "1,,000",
                           "$$5",
                           "--5",
                           "1 2",
                           "1e3",
                           "nan",
                           "0x10",
                           "90000000000001",
                           "99999999999999999999999",
                           "90000000000000.01"}) {
    INFO(text);
    const auto parsed = parse_money(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == errc::invalid_request);
  }
}

TEST_CASE("Money is written with two decimals and its sign before the currency") {
  CHECK(to_decimal(money{0}) == "0.00");
  CHECK(to_decimal(money{5}) == "0.05");
  CHECK(to_decimal(money{-5}) == "-0.05");
  CHECK(to_decimal(money{123456}) == "1234.56");
  CHECK(show(money{1250}) == "$12.50");
  CHECK(show(money{-1250}) == "-$12.50");
  CHECK(to_decimal(money{std::numeric_limits<std::int64_t>::min()}) == "-92233720368547758.08");
}

TEST_CASE("What is written as money parses back to the same cents") {
  for (const std::int64_t cents : {0L, 1L, 99L, 100L, -101L, 123456789L, -9'000'000'000'000'000L})
    CHECK(parse_money(to_decimal(money{cents})).value().cents == cents);
}

TEST_CASE("Token counts add up") {
  token_usage total{1, 2};
  total += token_usage{10, 20};
  CHECK(total == token_usage{11, 22});
}
