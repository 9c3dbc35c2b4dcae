#include "adapters/store/spending.hpp"

namespace flipsync::spending {

namespace {

std::int64_t number_of(day_point day) { return day.time_since_epoch().count(); }

std::int64_t count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

} // namespace

void add(sql::connection& db, const std::vector<spending_row>& rows) {
  if (rows.empty())
    return;
  sql::query q{db, "INSERT INTO spending VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                   " ON CONFLICT(day, tenant, provider, model) DO UPDATE SET"
                   " answers = answers + excluded.answers,"
                   " failures = failures + excluded.failures,"
                   " tokens_in = tokens_in + excluded.tokens_in,"
                   " tokens_out = tokens_out + excluded.tokens_out,"
                   " cost = cost + excluded.cost, wasted = wasted + excluded.wasted"};
  for (const auto& row : rows) {
    q.bind_all(number_of(row.day), std::string_view{row.tenant}, std::string_view{row.provider},
               std::string_view{row.model}, count(row.answers), count(row.failures),
               count(row.tokens_in), count(row.tokens_out), row.cost.nanos, row.wasted.nanos);
    q.run();
    q.reset();
  }
}

std::vector<spending_row> of_day(sql::connection& db, day_point day) {
  sql::query q{db, "SELECT tenant, provider, model, answers, failures, tokens_in, tokens_out, cost,"
                   " wasted FROM spending WHERE day = ? ORDER BY tenant, provider, model"};
  q.bind(number_of(day));
  std::vector<spending_row> out;
  while (q.step()) {
    auto& row = out.emplace_back();
    row.day = day;
    row.tenant = q.text(0);
    row.provider = q.text(1);
    row.model = q.text(2);
    row.answers = static_cast<std::uint64_t>(q.integer(3));
    row.failures = static_cast<std::uint64_t>(q.integer(4));
    row.tokens_in = static_cast<std::uint64_t>(q.integer(5));
    row.tokens_out = static_cast<std::uint64_t>(q.integer(6));
    row.cost = {q.integer(7)};
    row.wasted = {q.integer(8)};
  }
  return out;
}

} // namespace flipsync::spending
