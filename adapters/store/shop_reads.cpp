#include "adapters/store/reads.hpp"

namespace flipsync::reads {

namespace {

/// Categories that a summary lists.
constexpr std::int64_t max_categories = 20;

void add_stock_figures(const context& in, shop_summary_row& row) {
  const std::string cost =
    in.who == audience::shopper ? "0" : "sum(coalesce(stock, 0) * coalesce(cost, 0))";
  sql::query q{in.db, "SELECT count(*), sum(stock = 0), " + cost
                        + ", sum(coalesce(stock, 0) * price) FROM products WHERE tenant = ?"};
  q.bind(in.tenant);
  if (!q.step())
    return;
  row.products = static_cast<std::uint64_t>(q.integer(0));
  row.out_of_stock = static_cast<std::uint64_t>(q.integer(1));
  row.stock_value_at_cost = q.cents(2);
  row.stock_value_at_price = q.cents(3);
}

void add_sales_figures(const context& in, shop_summary_row& row) {
  const std::string cost =
    in.who == audience::shopper
      ? "0, 0"
      : "sum(o.quantity * p.cost), sum(iif(p.cost IS NULL, 0, o.quantity * o.unit_price))";
  sql::query q{in.db,
               "SELECT sum(o.quantity * o.unit_price), count(DISTINCT o.order_id), " + cost
                 + " FROM orders o LEFT JOIN products p ON p.tenant = o.tenant AND p.sku = o.sku"
                   " WHERE o.tenant = ? AND o.ordered_at BETWEEN ? AND ? AND o.state <> 2"};
  q.bind_all(in.tenant, days_before(in.now, 30), in.now);
  if (q.step()) {
    row.revenue_30_days = q.cents(0);
    row.orders_30_days = static_cast<std::uint64_t>(q.integer(1));
    row.cost_of_sales_30_days = q.cents(2);
    row.revenue_with_cost_30_days = q.cents(3);
  }
  sql::query open{in.db,
                  "SELECT count(DISTINCT order_id) FROM orders WHERE tenant = ? AND state = 0"};
  open.bind(in.tenant);
  if (open.step())
    row.open_orders = static_cast<std::uint64_t>(open.integer(0));
}

void add_categories(const context& in, shop_summary_row& row) {
  sql::query q{
    in.db,
    "WITH sold AS (SELECT sku, sum(quantity) AS units, sum(quantity * unit_price) AS revenue"
    "  FROM orders WHERE tenant = ?1 AND ordered_at BETWEEN ?2 AND ?3 AND state <> 2 GROUP BY sku)"
    " SELECT p.category, count(*), sum(coalesce(s.units, 0)), sum(coalesce(s.revenue, 0)) AS total"
    " FROM products p LEFT JOIN sold s ON s.sku = p.sku WHERE p.tenant = ?1"
    " GROUP BY p.category_key ORDER BY total DESC, p.category_key LIMIT ?4"};
  q.bind_all(in.tenant, days_before(in.now, 30), in.now, max_categories);
  while (q.step())
    row.categories.push_back(
      {q.text(0), static_cast<std::uint64_t>(q.integer(1)), q.integer(2), q.cents(3)});
}

} // namespace

shop_summary_row summary(const context& in, const shop_summary_query&) {
  shop_summary_row row;
  add_stock_figures(in, row);
  add_sales_figures(in, row);
  add_categories(in, row);
  return row;
}

price_feed_rows price_feed(const context& in, const price_feed_query& query) {
  // Observations newest first, each beside the one before it of the same rival; those that repeat a
  // price are no moves.
  sql::query q{
    in.db, "SELECT r.sku, coalesce(p.title, r.sku), r.competitor, r.price, r.seen_at,"
           " (SELECT b.price FROM rival_prices b WHERE b.tenant = r.tenant AND b.sku = r.sku"
           "   AND b.competitor = r.competitor AND b.marketplace = r.marketplace"
           "   AND b.seen_at < r.seen_at ORDER BY b.seen_at DESC LIMIT 1) AS earlier"
           " FROM rival_prices r"
             // By time for all products, so that the newest few end the search.
             + std::string{query.sku.empty() ? " INDEXED BY rival_prices_by_time" : ""}
             + " LEFT JOIN products p ON p.tenant = r.tenant AND p.sku = r.sku WHERE r.tenant = ? "
             + (query.sku.empty() ? "" : "AND r.sku = ? ")
             + "AND earlier IS NOT NULL AND earlier <> r.price"
               " ORDER BY r.seen_at DESC, r.sku, r.competitor LIMIT ?"};
  q.bind(in.tenant);
  if (!query.sku.empty())
    q.bind(std::string_view{query.sku});
  q.bind(std::int64_t{clamp_limit(query.limit)});
  price_feed_rows out;
  while (q.step())
    out.moves.push_back({q.text(0), q.text(1), q.text(2), q.cents(5), q.cents(3), q.time(4)});
  return out;
}

order_rows find_orders(const context& in, const order_query& query) {
  order_rows out;
  const bool shopper = in.who == audience::shopper;
  // A shopper who has no order number gets nobody's orders.
  if (shopper && query.order_id.empty())
    return out;
  const std::string columns = "SELECT order_id, sku, quantity, unit_price, marketplace, "
                              + std::string{shopper ? "''" : "buyer"}
                              + ", status, ordered_at FROM orders WHERE tenant = ?";
  sql::query q{in.db, query.order_id.empty()
                        ? columns + " ORDER BY ordered_at DESC, order_id, sku LIMIT ?"
                        : columns + " AND order_id = ? COLLATE NOCASE ORDER BY sku LIMIT ?"};
  q.bind(in.tenant);
  if (!query.order_id.empty())
    q.bind(std::string_view{query.order_id});
  q.bind(std::int64_t{query.order_id.empty() ? clamp_limit(query.limit) : max_rows});
  while (q.step())
    out.lines.push_back(
      {q.text(0), q.text(1), q.integer(2), q.cents(3), q.text(4), q.text(5), q.text(6), q.time(7)});
  return out;
}

rate_rows find_rates(const context& in, const rate_query& query) {
  rate_rows out;
  // Of each carrier's steps that carry the weight, the lightest is the one that is charged.
  sql::query q{
    in.db, "SELECT carrier, service, zone, max_weight_g, price, days FROM rates r"
           " WHERE tenant = ?1 AND (?2 = '' OR zone = ?2) AND (?3 = 0 OR max_weight_g = ("
           "  SELECT min(s.max_weight_g) FROM rates s WHERE s.tenant = ?1 AND s.carrier = r.carrier"
           "   AND s.service = r.service AND s.zone = r.zone AND s.max_weight_g >= ?3))"
           " ORDER BY price, coalesce(days, 999), carrier, service, zone, max_weight_g LIMIT ?4"};
  q.bind_all(in.tenant, std::string_view{query.zone}, query.weight_g, std::int64_t{500});
  while (q.step())
    out.rates.push_back(
      {q.text(0), q.text(1), q.text(2), q.integer(3), q.cents(4), q.maybe_integer(5)});
  sql::query zones{in.db, "SELECT DISTINCT zone FROM rates WHERE tenant = ? ORDER BY zone"};
  zones.bind(in.tenant);
  while (zones.step())
    out.zones.push_back(zones.text(0));
  return out;
}

} // namespace flipsync::reads
