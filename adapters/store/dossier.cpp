#include <algorithm>

#include "adapters/store/product_rows.hpp"
#include "adapters/store/reads.hpp"

namespace flipsync::reads {

namespace {

/// Earlier prices that a dossier carries.
constexpr std::int64_t max_history = 50;

std::optional<product> by_sku(const context& in, std::string_view sku) {
  sql::query q{in.db, "SELECT " + std::string{product_columns(in.who)}
                        + " FROM products p WHERE p.tenant = ? AND p.sku = ?"};
  q.bind_all(in.tenant, sku);
  return q.step() ? std::optional{product_of(q)} : std::nullopt;
}

rival_price rival_of(const sql::query& q, const std::string& sku) {
  return {sku, q.text(0), q.cents(1), q.text(2), q.time(3)};
}

void add_rivals(const context& in, product_dossier_row& row) {
  sql::query q{in.db, "SELECT competitor, price, marketplace, seen_at FROM rival_latest"
                      " WHERE tenant = ? AND sku = ? ORDER BY price, competitor, marketplace"};
  q.bind_all(in.tenant, std::string_view{row.item->sku});
  while (q.step())
    row.rivals.push_back(rival_of(q, row.item->sku));
}

void add_rival_history(const context& in, product_dossier_row& row) {
  sql::query q{in.db, "SELECT r.competitor, r.price, r.marketplace, r.seen_at FROM rival_prices r"
                      " JOIN rival_latest l USING(tenant, sku, competitor, marketplace)"
                      " WHERE r.tenant = ? AND r.sku = ? AND r.seen_at < l.seen_at"
                      " ORDER BY r.seen_at DESC, r.competitor, r.marketplace LIMIT ?"};
  q.bind_all(in.tenant, std::string_view{row.item->sku}, max_history);
  while (q.step())
    row.rival_history.push_back(rival_of(q, row.item->sku));
}

void add_sales(const context& in, product_dossier_row& row) {
  // One pass over the product's lines of 90 days, all from a covering index.
  sql::query q{in.db, "SELECT sum(iif(ordered_at >= ?1, quantity, 0)),"
                      " sum(iif(ordered_at >= ?1, quantity * unit_price, 0)),"
                      " sum(iif(ordered_at >= ?2, quantity, 0)),"
                      " sum(iif(ordered_at >= ?2, quantity * unit_price, 0)),"
                      " sum(quantity), sum(quantity * unit_price)"
                      " FROM orders WHERE tenant = ?4 AND sku = ?5 AND state <> 2"
                      " AND ordered_at BETWEEN ?3 AND ?6"};
  q.bind_all(days_before(in.now, 14), days_before(in.now, 30), days_before(in.now, 90), in.tenant,
             std::string_view{row.item->sku}, in.now);
  if (!q.step())
    return;
  row.last_14_days = {days_observed(in, 14), q.integer(0), q.cents(1)};
  row.last_30_days = {days_observed(in, 30), q.integer(2), q.cents(3)};
  row.last_90_days = {days_observed(in, 90), q.integer(4), q.cents(5)};
}

} // namespace

std::optional<wall_time> first_order(const context& in) {
  sql::query q{in.db, "SELECT ordered_at FROM orders WHERE tenant = ? ORDER BY ordered_at LIMIT 1"};
  q.bind(in.tenant);
  return q.step() ? std::optional{q.time(0)} : std::nullopt;
}

sales_window sold_in(const context& in, std::string_view sku, const time_span& period) {
  sql::query q{in.db, "SELECT sum(quantity), sum(quantity * unit_price) FROM orders"
                      " WHERE tenant = ? AND sku = ? AND state <> 2"
                      " AND ordered_at BETWEEN ? AND ?"};
  const auto [from, to] = counted_times(in, period, 0);
  q.bind_all(in.tenant, sku, from, to);
  return q.step() ? sales_window{0, q.integer(0), q.cents(1)} : sales_window{};
}

std::uint32_t days_observed(const context& in, std::uint32_t window) {
  const auto first = first_order(in);
  if (!first || *first > in.now)
    return 0;
  const auto days = std::chrono::floor<std::chrono::days>(in.now - *first).count();
  return static_cast<std::uint32_t>(std::min<std::int64_t>(days, window));
}

void add_figures(const context& in, product_dossier_row& row, bool with_history) {
  add_rivals(in, row);
  if (with_history)
    add_rival_history(in, row);
  add_sales(in, row);
}

product_dossier_row dossier(const context& in, const product_dossier& query) {
  product_dossier_row row;
  if (!query.sku.empty())
    row.item = by_sku(in, query.sku);
  if (!row.item && !query.text.empty()) {
    product_search search_for;
    search_for.text = query.text;
    search_for.limit = 1;
    auto best = search(in, search_for);
    if (!best.hits.empty())
      row.item = std::move(best.hits.front().item);
  }
  if (row.item) {
    add_figures(in, row, true);
    if (query.period)
      row.in_period = sold_in(in, row.item->sku, *query.period);
  }
  return row;
}

} // namespace flipsync::reads
