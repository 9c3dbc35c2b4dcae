#include "adapters/store/reads.hpp"
#include "adapters/store/search_sql.hpp"

namespace flipsync::reads {

namespace {

/// Categories that a summary lists.
constexpr std::int64_t max_categories = 20;
/// Rates that a read gives: a whole table of many carriers, zones and steps of weight.
constexpr std::int64_t max_rates = 10'000;

std::int64_t in_milliseconds(wall_time t) { return t.time_since_epoch().count(); }

/// What lies in the shop, what it sold and of which categories, by one look at each product.
void add_products(const context& in, const shop_summary_query& query, shop_summary_row& row) {
  const auto [from, to] = counted_times(in, query.period, 30);
  const bool shopper = in.who == audience::shopper;
  const std::string cost_of_stock =
    shopper ? "0" : "sum(coalesce(p.stock, 0) * coalesce(p.cost, 0))";
  const std::string cost_of_sales = shopper ? "0" : "sum(s.units * p.cost)";
  const std::string with_cost = shopper ? "0" : "sum(iif(p.cost IS NULL, 0, s.revenue))";
  sql_text sql;
  sql.text = "WITH sold AS MATERIALIZED (SELECT sku, sum(quantity) AS units,"
             "  sum(quantity * unit_price) AS revenue FROM orders"
             "  WHERE tenant = ?1 AND ordered_at BETWEEN ?2 AND ?3 AND state <> 2 GROUP BY sku),"
             " sorted AS MATERIALIZED (SELECT p.category_key AS key, min(p.category) AS category,"
             "  count(*) AS products, sum(coalesce(s.units, 0)) AS units,"
             "  sum(coalesce(s.revenue, 0)) AS revenue, sum(p.stock = 0) AS out_of_stock, "
             + cost_of_stock + " AS at_cost, sum(coalesce(p.stock, 0) * p.price) AS at_price, "
             + cost_of_sales + " AS cost_of_sales, " + with_cost
             + " AS with_cost FROM products p LEFT JOIN sold s ON s.sku = p.sku"
               "  WHERE p.id BETWEEN ?4 AND ?5";
  sql.arguments = {in.tenant, in_milliseconds(from), in_milliseconds(to), in.tenant << tenant_shift,
                   ((in.tenant + 1) << tenant_shift) - 1};
  add_scope(sql, query.scope);
  sql.add(" GROUP BY p.category_key)"
          " SELECT category, products, units, revenue, sum(products) OVER (),"
          " sum(out_of_stock) OVER (), sum(at_cost) OVER (), sum(at_price) OVER (),"
          " sum(cost_of_sales) OVER (), sum(with_cost) OVER ()"
          " FROM sorted ORDER BY revenue DESC, key LIMIT ?",
          max_categories);
  sql::query q{in.db, sql.text};
  sql.bind(q);
  while (q.step()) {
    row.categories.push_back(
      {q.text(0), static_cast<std::uint64_t>(q.integer(1)), q.integer(2), q.cents(3)});
    row.products = static_cast<std::uint64_t>(q.integer(4));
    row.out_of_stock = static_cast<std::uint64_t>(q.integer(5));
    row.stock_value_at_cost = q.cents(6);
    row.stock_value_at_price = q.cents(7);
    row.cost_of_sales_30_days = q.cents(8);
    row.revenue_with_cost_30_days = q.cents(9);
  }
}

/// Each figure from the index that has all of it.
void add_orders(const context& in, const shop_summary_query& query, shop_summary_row& row) {
  const auto [from, to] = counted_times(in, query.period, 30);
  sql::query revenue{in.db, "SELECT sum(quantity * unit_price) FROM orders INDEXED BY orders_by_sku"
                            " WHERE tenant = ? AND ordered_at BETWEEN ? AND ? AND state <> 2"};
  revenue.bind_all(in.tenant, from, to);
  if (revenue.step())
    row.revenue_30_days = revenue.cents(0);
  sql::query count{in.db, "SELECT count(DISTINCT order_id) FROM orders INDEXED BY orders_by_time"
                          " WHERE tenant = ? AND ordered_at BETWEEN ? AND ? AND state <> 2"};
  count.bind_all(in.tenant, from, to);
  if (count.step())
    row.orders_30_days = static_cast<std::uint64_t>(count.integer(0));
  sql::query open{in.db,
                  "SELECT count(DISTINCT order_id) FROM orders WHERE tenant = ? AND state = 0"};
  open.bind(in.tenant);
  if (open.step())
    row.open_orders = static_cast<std::uint64_t>(open.integer(0));
}

/// The same over the lines of a scope's products.
void add_orders_of(const context& in, const shop_summary_query& query, shop_summary_row& row) {
  const auto [from, to] = counted_times(in, query.period, 30);
  const auto ask = [&](const std::string& columns, const sql_text& which) {
    sql_text sql;
    // Products first: their lines are found by SKU.
    sql.add("SELECT " + columns
              + " FROM products p CROSS JOIN orders o ON o.tenant = p.tenant AND o.sku = p.sku"
                " WHERE p.tenant = ?",
            in.tenant);
    sql.text += which.text;
    sql.arguments.insert(sql.arguments.end(), which.arguments.begin(), which.arguments.end());
    add_scope(sql, query.scope);
    return sql;
  };
  sql_text lately;
  lately.add(" AND o.state <> 2 AND o.ordered_at BETWEEN ?", in_milliseconds(from))
    .add(" AND ?", in_milliseconds(to));
  const auto sales = ask("sum(o.quantity * o.unit_price), count(DISTINCT o.order_id)", lately);
  sql::query sold{in.db, sales.text};
  sales.bind(sold);
  if (sold.step()) {
    row.revenue_30_days = sold.cents(0);
    row.orders_30_days = static_cast<std::uint64_t>(sold.integer(1));
  }
  sql_text still;
  still.text = " AND o.state = 0";
  const auto waiting = ask("count(DISTINCT o.order_id)", still);
  sql::query open{in.db, waiting.text};
  waiting.bind(open);
  if (open.step())
    row.open_orders = static_cast<std::uint64_t>(open.integer(0));
}

/// " FROM orders o WHERE …": of all that match but for the id.
sql_text orders_that_match(const context& in, const order_query& query) {
  sql_text sql;
  sql.add(" FROM orders o WHERE tenant = ?", in.tenant);
  if (!query.sku.empty())
    sql.add(" AND sku = ?", query.sku);
  if (!query.statuses.empty()) {
    sql.text += " AND lower(status) IN (''";
    for (const auto& status : query.statuses)
      sql.add(", ?", status);
    sql.text += ")";
  }
  if (query.open_only)
    sql.text += " AND state = 0";
  if (!query.marketplace.empty())
    sql.add(" AND instr(lower(marketplace), ?) > 0", query.marketplace);
  if (query.period) {
    const auto [from, to] = counted_times(in, query.period, 0);
    sql.add(" AND ordered_at BETWEEN ?", in_milliseconds(from)).add(" AND ?", in_milliseconds(to));
  }
  if (!query.scope.empty()) {
    sql.text += " AND EXISTS(SELECT 1 FROM products p WHERE p.tenant = o.tenant AND p.sku = o.sku";
    add_scope(sql, query.scope);
    sql.text += ")";
  }
  return sql;
}

} // namespace

shop_summary_row summary(const context& in, const shop_summary_query& query) {
  shop_summary_row row;
  add_products(in, query, row);
  if (query.scope.empty())
    add_orders(in, query, row);
  else
    add_orders_of(in, query, row);
  if (query.period)
    row.first_order = first_order(in);
  return row;
}

price_feed_rows price_feed(const context& in, const price_feed_query& query) {
  // Observations newest first, each beside the one before it of the same rival; those that repeat a
  // price are no moves.
  sql_text sql;
  sql.text = "SELECT r.sku, coalesce(p.title, r.sku), r.competitor, r.price, r.seen_at,"
             " (SELECT b.price FROM rival_prices b WHERE b.tenant = r.tenant AND b.sku = r.sku"
             "   AND b.competitor = r.competitor AND b.marketplace = r.marketplace"
             "   AND b.seen_at < r.seen_at ORDER BY b.seen_at DESC LIMIT 1) AS earlier"
             " FROM rival_prices r"
             // By time for all products, so that the newest few end the search.
             + std::string{query.sku.empty() ? " INDEXED BY rival_prices_by_time" : ""};
  sql.add(" LEFT JOIN products p ON p.tenant = r.tenant AND p.sku = r.sku WHERE r.tenant = ?",
          in.tenant);
  if (!query.sku.empty())
    sql.add(" AND r.sku = ?", query.sku);
  add_scope(sql, query.scope);
  sql.add(" AND earlier IS NOT NULL AND earlier <> r.price"
          " ORDER BY r.seen_at DESC, r.sku, r.competitor LIMIT ?",
          std::int64_t{clamp_limit(query.limit)});
  sql::query q{in.db, sql.text};
  sql.bind(q);
  price_feed_rows out;
  while (q.step())
    out.moves.push_back({q.text(0), q.text(1), q.text(2), q.cents(5), q.cents(3), q.time(4)});
  return out;
}

namespace {

/// "SELECT … WHERE …", to be limited or narrowed to an id.
sql_text begin_orders(const context& in, const order_query& query) {
  const bool shopper = in.who == audience::shopper;
  auto sql = orders_that_match(in, query);
  sql.text = "SELECT order_id, sku, quantity, unit_price, marketplace, "
             + std::string{shopper ? "''" : "buyer"} + ", status, ordered_at, state" + sql.text;
  return sql;
}

std::vector<order_line> read_orders(const context& in, const sql_text& sql) {
  std::vector<order_line> out;
  sql::query q{in.db, sql.text};
  sql.bind(q);
  while (q.step())
    out.push_back({q.text(0), q.text(1), q.integer(2), q.cents(3), q.text(4), q.text(5), q.text(6),
                   q.time(7), static_cast<order_state>(q.integer(8))});
  return out;
}

std::uint64_t count_orders(const context& in, const order_query& query) {
  const auto which = orders_that_match(in, query);
  sql::query q{in.db, "SELECT count(DISTINCT order_id)" + which.text};
  which.bind(q);
  return q.step() ? static_cast<std::uint64_t>(q.integer(0)) : 0;
}

/// One order's lines. Many shops' ids begin with a hash, which people say or leave out: "1001" is
/// "#1001" where there is no 1001.
std::vector<order_line> read_order(const context& in, const order_query& query,
                                   std::string_view collation) {
  auto sql = begin_orders(in, query);
  sql.add(" AND order_id" + std::string{collation} + " IN (?", query.order_id)
    .add(", ?)", '#' + query.order_id)
    .add(" ORDER BY length(order_id), sku LIMIT ?", std::int64_t{max_rows});
  auto lines = read_orders(in, sql);
  if (!lines.empty())
    std::erase_if(lines, [length = lines.front().order_id.size()](const order_line& line) {
      return line.order_id.size() != length;
    });
  return lines;
}

} // namespace

order_rows find_orders(const context& in, const order_query& query) {
  // A shopper who has no order number gets nobody's orders.
  if (in.who == audience::shopper && query.order_id.empty())
    return {};
  if (query.order_id.empty()) {
    auto sql = begin_orders(in, query);
    sql.add(" ORDER BY ordered_at DESC, order_id, sku LIMIT ?",
            std::int64_t{clamp_limit(query.limit)});
    order_rows out{read_orders(in, sql)};
    if (query.counted)
      out.orders = count_orders(in, query);
    return out;
  }
  // As it is written an id is found by its index; in another case all orders are looked at.
  auto lines = read_order(in, query, "");
  if (lines.empty())
    lines = read_order(in, query, " COLLATE NOCASE");
  return {std::move(lines)};
}

rate_rows find_rates(const context& in, const rate_query& query) {
  rate_rows out;
  sql::query zones{in.db, "SELECT DISTINCT zone FROM rates WHERE tenant = ? ORDER BY zone"};
  zones.bind(in.tenant);
  while (zones.step())
    out.zones.push_back(zones.text(0));
  sql_text sql;
  sql.add("SELECT carrier, service, zone, max_weight_g, price, days FROM rates r WHERE tenant = ?",
          in.tenant);
  if (!query.zone.empty()) {
    sql.text += " AND zone IN (''";
    for (const auto& zone : out.zones)
      if (folds_alike(zone, query.zone))
        sql.add(", ?", zone);
    sql.text += ")";
  }
  // Of each carrier's steps that carry the weight, the lightest is the one that is charged.
  if (query.weight_g != 0)
    sql.add(" AND max_weight_g = (SELECT min(s.max_weight_g) FROM rates s WHERE s.tenant = r.tenant"
            " AND s.carrier = r.carrier AND s.service = r.service AND s.zone = r.zone"
            " AND s.max_weight_g >= ?)",
            query.weight_g);
  sql.add(" ORDER BY price, coalesce(days, 999), carrier, service, zone, max_weight_g LIMIT ?",
          max_rates + 1);
  sql::query q{in.db, sql.text};
  sql.bind(q);
  while (q.step())
    out.rates.push_back(
      {q.text(0), q.text(1), q.text(2), q.integer(3), q.cents(4), q.maybe_integer(5)});
  out.cut = std::ssize(out.rates) > max_rates;
  if (out.cut)
    out.rates.pop_back();
  return out;
}

} // namespace flipsync::reads
