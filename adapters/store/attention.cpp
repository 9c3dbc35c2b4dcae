#include "adapters/store/product_rows.hpp"
#include "adapters/store/reads.hpp"

namespace flipsync::reads {

namespace {

/// Below this many days of orders the product's own velocity counts (BUSINESS: inventory rules).
constexpr std::uint32_t enough_days = 14;

/// A question: which products, and which of them first.
struct question {
  std::uint32_t window = 0; ///< days of orders that velocity is read from; 0: it is not asked for
  std::string_view where;
  std::string_view order;
};

/// `v` is the velocity in units a day (NULL: unknown), `units` what was sold in the window.
question question_of(attention what, bool shopper) {
  switch (what) {
  case attention::low_stock:
    // At or below the reorder point, which is lead-time demand and the safety stock, half of it
    // unless the product names one. What has been out of stock so long that nothing sold is there
    // too, last.
    return {30,
            "p.stock = 0 OR (v > 0 AND p.stock <= v * coalesce(p.lead_time_days, ?4) + coalesce("
            "(SELECT n.value FROM product_numbers n WHERE n.product = p.id"
            " AND n.name_key = 'safety stock' AND n.value >= 0),"
            " 0.5 * v * coalesce(p.lead_time_days, ?4)))",
            "iif(coalesce(v, 0) > 0, p.stock / v, 1e9), v DESC"};
  case attention::dead_stock:
    // Unsold in the window, or more than 180 days of it; by the money that lies in it.
    return {90, "p.stock > 0 AND (v = 0 OR p.stock > 180 * v) AND ?4",
            shopper ? "p.stock * p.price DESC" : "p.stock * coalesce(p.cost, p.price) DESC"};
  case attention::undercut:
    return {0, "r.lowest < p.price AND ?4", "(r.lowest - p.price) * 1.0 / p.price"};
  case attention::best_sellers:
    return {30, "v > 0 AND ?4", "v DESC, p.price DESC"};
  case attention::thin_margin:
    // Below the 15 % that a purchase must bring (BUSINESS: inventory rules).
    return {0,
            "p.cost IS NOT NULL AND p.price > 0 AND (p.price - p.cost) * 100 < 15 * p.price AND ?4",
            "(p.price - p.cost) * 1.0 / p.price"};
  }
  return {0, "?4 AND 0", "1"};
}

std::string sql_of(attention what, const question& ask, const context& in) {
  const bool undercut = what == attention::undercut;
  const bool sales = ask.window > 0;
  std::string sql = "WITH ";
  if (sales)
    sql += "sold AS (SELECT sku, sum(quantity) AS units FROM orders WHERE tenant = ?1"
           " AND state <> 2 AND ordered_at BETWEEN ?2 AND ?3 GROUP BY sku), ";
  if (undercut)
    // A price of 0 is no offer.
    sql += "rivals AS (SELECT sku, min(price) AS lowest FROM rival_latest WHERE tenant = ?1"
           " AND price > 0 GROUP BY sku), ";
  const auto days = sales ? days_observed(in, ask.window) : 0;
  const auto velocity = days >= enough_days ? "coalesce(s.units, 0) * 1.0 / " + std::to_string(days)
                                            : std::string{"p.velocity_per_day"};
  sql += "judged AS (SELECT p.id, " + velocity + " AS v" + (undercut ? ", r.lowest" : "")
         + " FROM products p" + (sales ? " LEFT JOIN sold s ON s.sku = p.sku" : "")
         + (undercut ? " JOIN rivals r ON r.sku = p.sku" : "") + " WHERE p.tenant = ?1) SELECT "
         + std::string{product_columns(in.who)}
         + " FROM judged r JOIN products p ON p.id = r.id WHERE (" + std::string{ask.where}
         + ") ORDER BY " + std::string{ask.order} + ", p.sku LIMIT ?5";
  return sql;
}

} // namespace

attention_rows attend(const context& in, const attention_query& query) {
  attention_rows out;
  const bool shopper = in.who == audience::shopper;
  if (shopper && query.what == attention::thin_margin)
    return out;
  const auto ask = question_of(query.what, shopper);
  sql::query q{in.db, sql_of(query.what, ask, in)};
  q.bind_all(in.tenant, days_before(in.now, ask.window), in.now,
             query.what == attention::low_stock ? in.default_lead_time_days : 1.0,
             std::int64_t{clamp_limit(query.limit)});
  while (q.step()) {
    product_dossier_row line;
    line.item = product_of(q);
    out.lines.push_back(std::move(line));
  }
  for (auto& line : out.lines)
    add_figures(in, line, false);
  return out;
}

} // namespace flipsync::reads
