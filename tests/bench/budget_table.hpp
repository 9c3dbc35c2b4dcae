#pragma once
/// Figures beside their budgets, and the verdict on them all.

#include <string>

namespace flipsync::bench {

/// What a bare server does: no server can be faster.
struct machine_pace {
  double lone_us = 0;    ///< p50 of one caller, microseconds
  double per_second = 0; ///< requests of 64 callers
};

/// The machine that DESIGN's budgets are for (DESIGN, "Speed").
inline constexpr machine_pace budgets_machine{70, 90'000};

/// What of the machine a figure depends on so much that a slower one explains a miss; it stays one
/// (docs/adr/0034).
enum class pace { none, lone, many };

/// Prints a line for each figure as it comes, and counts.
class budget_table {
public:
  /// What a bare server did in the same run, between the figures that depend on it. Printed.
  void machine(const machine_pace& measured);

  /// `budget`: most or least that `value` may be, in the same unit; `beside` is printed behind it.
  void at_most(const char* what, double value, const char* unit, double budget,
               const std::string& beside = {}, pace depends_on = pace::none);
  void at_least(const char* what, double value, const char* unit, double budget,
                const std::string& beside = {}, pace depends_on = pace::none);
  /// One without a budget.
  static void show(const char* what, double value, const char* unit,
                   const std::string& beside = {});

  /// Says how many figures are outside their budgets. An exit code: 1 if any is, else 0.
  [[nodiscard]] int verdict() const;
  /// Of the figures outside their budgets, those that depend on a pace that the machine lacks.
  [[nodiscard]] int explained() const noexcept { return explained_; }

private:
  void row(const char* what, double value, const char* unit, const char* sign, double budget,
           bool holds, pace depends_on, const std::string& beside);
  [[nodiscard]] bool too_slow_for(pace depends_on) const;

  machine_pace machine_{budgets_machine};
  int missed_ = 0;
  int explained_ = 0; ///< of the missed ones
};

} // namespace flipsync::bench
