#include "adapters/store/product_rows.hpp"
#include "adapters/store/reads.hpp"
#include "adapters/store/search_sql.hpp"

namespace flipsync::reads {

namespace {

/// Below this many days of orders the product's own velocity counts (BUSINESS: inventory rules).
constexpr std::uint32_t enough_days = 14;
/// Rivals that one question is about.
constexpr std::size_t max_rivals_named = 4;

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
    // More than 180 days of it (BUSINESS: inventory rules), for ever where it does not sell; a hair
    // above counts as 180. By the money that lies in it.
    return {30, "p.stock > 0 AND (v = 0 OR p.stock > 180 * v + 1e-9) AND ?4",
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
  case attention::thinnest_margin:
    return {0, "p.cost IS NOT NULL AND p.price > 0 AND ?4", "(p.price - p.cost) * 1.0 / p.price"};
  }
  return {0, "?4 AND 0", "1"};
}

/// "?5, ?6".
std::string places_from(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += (i > 0 ? ", ?" : "?") + std::to_string(first + i);
  return text;
}

/// Rivals whose names stand whole among the query's words.
std::vector<std::string> rivals_named(const context& in, const attention_query& query) {
  std::vector<std::string> named;
  if (query.what != attention::undercut || query.rivals.empty())
    return named;
  const auto words = " " + fold(query.rivals) + " ";
  sql::query q{in.db, "SELECT DISTINCT competitor FROM rival_latest WHERE tenant = ?"};
  q.bind(in.tenant);
  while (q.step() && named.size() < max_rivals_named)
    if (const auto name = fold(q.text(0));
        !name.empty() && words.find(" " + name + " ") != std::string::npos)
      named.push_back(q.text(0));
  return named;
}

/// "WITH …" that judges each product, and which of them need attention: ?1 to ?4 are bound.
struct judgement {
  std::string with;
  std::string from;
};
judgement judge(const attention_query& query, const question& ask, const context& in,
                std::size_t rivals) {
  const bool undercut = query.what == attention::undercut;
  const bool sales = ask.window > 0;
  std::string sql = "WITH ";
  if (sales)
    sql += "sold AS (SELECT sku, sum(quantity) AS units FROM orders WHERE tenant = ?1"
           " AND state <> 2 AND ordered_at BETWEEN ?2 AND ?3 GROUP BY sku), ";
  if (undercut)
    // A price of 0 is no offer.
    sql += "rivals AS (SELECT sku, min(price) AS lowest FROM rival_latest WHERE tenant = ?1"
           " AND price > 0"
           + (rivals > 0 ? " AND competitor IN (" + places_from(5, rivals) + ")" : std::string{})
           + " GROUP BY sku), ";
  const auto days = sales ? days_observed(in, ask.window) : 0;
  // Of a period it is the units themselves.
  const auto velocity = sales && query.period ? std::string{"coalesce(s.units, 0)"}
                        : days >= enough_days
                          ? "coalesce(s.units, 0) * 1.0 / " + std::to_string(days)
                          : std::string{"p.velocity_per_day"};
  sql += "judged AS (SELECT p.id, " + velocity + " AS v" + (undercut ? ", r.lowest" : "")
         + " FROM products p" + (sales ? " LEFT JOIN sold s ON s.sku = p.sku" : "")
         + (undercut ? " JOIN rivals r ON r.sku = p.sku" : "") + " WHERE p.tenant = ?1) ";
  return {std::move(sql),
          " FROM judged r JOIN products p ON p.id = r.id WHERE (" + std::string{ask.where} + ")"};
}

/// One question to the shop, and its answer.
class attendant {
public:
  attendant(const context& in, const attention_query& query)
    : in_{in},
      query_{query},
      ask_{question_of(query.what, in.who == audience::shopper)},
      rivals_{rivals_named(in, query)},
      judged_{judge(query, ask_, in, rivals_.size())} {}

  attention_rows run() {
    attention_rows out;
    out.rivals = rivals_;
    read_lines(out);
    if (query_.what == attention::dead_stock)
      read_figures(out);
    return out;
  }

private:
  void read_lines(attention_rows& out) {
    auto sql = begin(std::string{product_columns(in_.who)});
    sql.add(" ORDER BY " + std::string{ask_.order} + ", p.sku LIMIT ?",
            std::int64_t{clamp_limit(query_.limit)});
    sql::query q{in_.db, sql.text};
    sql.bind(q);
    while (q.step()) {
      product_dossier_row line;
      line.item = product_of(q);
      out.lines.push_back(std::move(line));
    }
    for (auto& line : out.lines) {
      add_figures(in_, line, false);
      if (query_.period)
        line.in_period = sold_in(in_, line.item->sku, *query_.period);
    }
  }

  /// Over all of them, and not beside the lines: their texts would be kept for the sum.
  void read_figures(attention_rows& out) {
    const bool shopper = in_.who == audience::shopper;
    const auto sql =
      begin(std::string{"count(*), "} + (shopper ? "0" : "sum(p.stock * coalesce(p.cost, 0))"));
    sql::query q{in_.db, sql.text};
    sql.bind(q);
    if (!q.step())
      return;
    out.total = static_cast<std::uint64_t>(q.integer(0));
    out.tied_up_at_cost = q.cents(1);
  }

  [[nodiscard]] sql_text begin(const std::string& columns) const {
    sql_text sql;
    sql.text = judged_.with + "SELECT " + columns + judged_.from;
    const auto time = [](wall_time t) { return std::int64_t{t.time_since_epoch().count()}; };
    const auto [from, to] = counted_times(in_, query_.period, ask_.window);
    sql.arguments = {in_.tenant, time(from), time(to),
                     query_.what == attention::low_stock ? in_.default_lead_time_days : 1.0};
    sql.arguments.insert(sql.arguments.end(), rivals_.begin(), rivals_.end());
    add_scope(sql, query_.scope);
    return sql;
  }

  const context& in_;
  const attention_query& query_;
  question ask_;
  std::vector<std::string> rivals_;
  judgement judged_;
};

} // namespace

attention_rows attend(const context& in, const attention_query& query) {
  const bool by_margin =
    query.what == attention::thin_margin || query.what == attention::thinnest_margin;
  if (in.who == audience::shopper && by_margin)
    return {};
  return attendant{in, query}.run();
}

} // namespace flipsync::reads
