#include "tests/bench/budget_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::bench;

namespace {
constexpr machine_pace slow_for_one{71, 90'000};
constexpr machine_pace slow_for_many{70, 89'999};
} // namespace

TEST_CASE("figures within their budgets, the limits included, are no reason to complain") {
  budget_table table;
  table.machine(budgets_machine);
  table.at_most("latency", 100, "us", 100, {}, pace::lone);
  table.at_least("rate", 12'000, "/s", 12'000, {}, pace::many);
  budget_table::show("without a budget", 1, "");
  CHECK(table.verdict() == 0);
}

TEST_CASE("a miss is a miss where the machine is as fast as the one that the budgets are for") {
  SECTION("more than allowed") {
    budget_table table;
    table.machine(budgets_machine);
    table.at_most("latency", 100.1, "us", 100, {}, pace::lone);
    CHECK(table.verdict() == 1);
  }
  SECTION("less than wanted") {
    budget_table table;
    table.machine(budgets_machine);
    table.at_least("rate", 11'999, "/s", 12'000, {}, pace::many);
    CHECK(table.verdict() == 1);
  }
  SECTION("a machine that was not looked at counts as one") {
    budget_table table;
    table.at_least("rate", 11'999, "/s", 12'000, {}, pace::many);
    CHECK(table.verdict() == 1);
  }
}

TEST_CASE("a slow machine excuses only what depends on the pace that it lacks") {
  SECTION("for one caller") {
    budget_table table;
    table.machine(slow_for_one);
    table.at_most("latency", 101, "us", 100, {}, pace::lone);
    CHECK(table.verdict() == 3);
    table.at_least("rate", 11'999, "/s", 12'000, {}, pace::many);
    CHECK(table.verdict() == 1);
  }
  SECTION("for many") {
    budget_table table;
    table.machine(slow_for_many);
    table.at_least("rate", 11'999, "/s", 12'000, {}, pace::many);
    CHECK(table.verdict() == 3);
    table.at_most("latency", 101, "us", 100, {}, pace::lone);
    CHECK(table.verdict() == 1);
  }
  SECTION("never errors, memory and the like") {
    budget_table table;
    table.machine({1000, 1});
    table.at_most("errors", 1, "", 0);
    CHECK(table.verdict() == 1);
  }
}

TEST_CASE("on a slow machine, too, a budget that is held is held") {
  budget_table table;
  table.machine(slow_for_one);
  table.at_most("latency", 99, "us", 100, {}, pace::lone);
  CHECK(table.verdict() == 0);
}
