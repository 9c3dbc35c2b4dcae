#include "tests/bench/budget_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::bench;

namespace {

constexpr machine_pace slow_for_one{71, 90'000};
constexpr machine_pace slow_for_many{70, 89'999};

/// A latency for one caller of at most 100 and a rate for many of at least 12,000, on a machine.
budget_table table_of(const machine_pace& machine, double latency, double rate) {
  budget_table table;
  table.machine(machine);
  table.at_most("latency", latency, "us", 100, {}, pace::lone);
  table.at_least("rate", rate, "/s", 12'000, {}, pace::many);
  budget_table::show("without a budget", 1, "");
  return table;
}

} // namespace

TEST_CASE("budgets hold up to their limits, on any machine") {
  for (const auto& machine : {budgets_machine, slow_for_one, slow_for_many})
    CHECK(table_of(machine, 100, 12'000).verdict() == 0);
}

TEST_CASE("a miss is a miss on any machine") {
  for (const auto& machine : {budgets_machine, slow_for_one, slow_for_many}) {
    CHECK(table_of(machine, 100.1, 12'000).verdict() == 1);
    CHECK(table_of(machine, 100, 11'999).verdict() == 1);
  }
}

TEST_CASE("a slow machine explains only what depends on the pace that it lacks") {
  CHECK(table_of(budgets_machine, 101, 11'999).explained() == 0);
  CHECK(table_of(slow_for_one, 101, 12'000).explained() == 1);
  CHECK(table_of(slow_for_one, 100, 11'999).explained() == 0);
  CHECK(table_of(slow_for_many, 100, 11'999).explained() == 1);
  CHECK(table_of(slow_for_many, 101, 12'000).explained() == 0);
  auto errors = table_of({1000, 1}, 100, 12'000);
  errors.at_most("errors", 1, "", 0);
  CHECK(errors.explained() == 0);
  CHECK(errors.verdict() == 1);
}
