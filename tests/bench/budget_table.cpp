#include "tests/bench/budget_table.hpp"

#include <cstdio>

namespace flipsync::bench {

void budget_table::machine(const machine_pace& measured) {
  machine_ = measured;
  std::printf("  this machine: a bare server answers one caller in %.0f us (p50) and 64 at %.0f "
              "requests a second;\n  the budgets are for one that does it in %.0f and at %.0f\n",
              measured.lone_us, measured.per_second, budgets_machine.lone_us,
              budgets_machine.per_second);
}

void budget_table::at_most(const char* what, double value, const char* unit, double budget,
                           const std::string& beside, pace depends_on) {
  row(what, value, unit, "<=", budget, value <= budget, depends_on, beside);
}

void budget_table::at_least(const char* what, double value, const char* unit, double budget,
                            const std::string& beside, pace depends_on) {
  row(what, value, unit, ">=", budget, value >= budget, depends_on, beside);
}

void budget_table::show(const char* what, double value, const char* unit,
                        const std::string& beside) {
  std::printf("  %-52s %10.2f %-6s %s\n", what, value, unit, beside.c_str());
  std::fflush(stdout);
}

int budget_table::verdict() const {
  if (missed_ > 0)
    std::printf("%d figure(s) outside their budget, %d of them where this machine is slower than "
                "the one that the budgets are for\n",
                missed_, explained_);
  return missed_ > 0 ? 1 : 0;
}

void budget_table::row(const char* what, double value, const char* unit, const char* sign,
                       double budget, bool holds, pace depends_on, const std::string& beside) {
  const bool explained = !holds && too_slow_for(depends_on);
  missed_ += holds ? 0 : 1;
  explained_ += explained ? 1 : 0;
  std::printf("  %-52s %10.2f %-6s budget %s %-8.6g %-5s %s%s\n", what, value, unit, sign, budget,
              holds ? "ok" : "MISS", explained ? "(slow machine) " : "", beside.c_str());
  std::fflush(stdout);
}

bool budget_table::too_slow_for(pace depends_on) const {
  switch (depends_on) {
  case pace::none:
    return false;
  case pace::lone:
    return machine_.lone_us > budgets_machine.lone_us;
  case pace::many:
    return machine_.per_second < budgets_machine.per_second;
  }
  return false;
}

} // namespace flipsync::bench
