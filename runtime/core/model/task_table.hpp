#pragma once
/// Which provider suits which task and priority, and how long and how freely it may answer: data
/// with a parser, pure. Source: PROVIDERS, routing by task and priority.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// One row: the providers by priority, each in order of preference.
struct task_row {
  std::string task; ///< "any" is a message without a task
  std::vector<std::string> speed;
  std::vector<std::string> quality;
  std::vector<std::string> cost;
  friend bool operator==(const task_row&, const task_row&) = default;
};

/// How an answer to one task is asked for.
struct task_limits {
  std::string task;
  std::uint32_t max_tokens = 0;
  double temperature = 0;
  friend bool operator==(const task_limits&, const task_limits&) = default;
};

struct task_table {
  std::vector<task_row> rows;
  std::vector<task_limits> limits;

  /// The providers for a task, or for none; empty where the table has nothing to say: a task that
  /// it does not list, or neither task nor priority. A task without a priority wants speed.
  [[nodiscard]] std::vector<std::string> providers(std::string_view task, priority prefer) const;
  /// Null where the task is not listed.
  [[nodiscard]] const task_limits* limits_of(std::string_view task) const noexcept;
};

/// The rows as configured: "tools: local | large | large" (speed, quality, cost; several names
/// are separated by blanks). Errors: invalid_request, with the row.
result<std::vector<task_row>> parse_task_rows(const std::vector<std::string>& rows);
/// "tools: 1000, 0.1" (max_tokens, temperature). Errors: invalid_request, with the row.
result<std::vector<task_limits>> parse_task_limits(const std::vector<std::string>& rows);

} // namespace flipsync
