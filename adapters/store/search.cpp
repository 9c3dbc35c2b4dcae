#include <algorithm>
#include <variant>

#include "adapters/store/product_rows.hpp"
#include "adapters/store/reads.hpp"
#include "runtime/core/text/stem.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::reads {

namespace {

/// Words of a search that count; a customer's essay is cut here.
constexpr std::size_t max_search_words = 12;

/// SQL text and its arguments, grown side by side.
struct sql_text {
  std::string text;
  std::vector<std::variant<std::int64_t, double, std::string>> arguments;

  template <class T>
  sql_text& add(std::string_view piece, T argument) {
    text += piece;
    arguments.emplace_back(std::move(argument));
    return *this;
  }
  void bind(sql::query& q) const {
    for (const auto& argument : arguments)
      std::visit([&](const auto& value) { q.bind(value); }, argument);
  }
};

struct ranked {
  std::int64_t id = 0;
  double relevance = 0;
};
struct ranking {
  std::vector<ranked> found;
  std::uint64_t total = 0;
};

bool is_weight(std::string_view name_key) { return name_key == "weight g" || name_key == "weight"; }

void add_range(sql_text& out, const product_search::attribute_range& range) {
  const auto name = fold(range.name);
  const auto bounds = [&](const std::string& value) {
    if (range.low)
      out.add(" AND " + value + " >= ?", *range.low);
    if (range.high)
      out.add(" AND " + value + " <= ?", *range.high);
  };
  if (is_weight(name)) {
    out.text += " AND p.weight_g IS NOT NULL";
    bounds("p.weight_g");
    return;
  }
  out.add(" AND EXISTS(SELECT 1 FROM product_numbers n WHERE n.product = p.id AND n.name_key = ?",
          name);
  bounds("n.value");
  out.text += ")";
}

bool has_filters(const product_search& query) {
  return !query.category.empty() || !query.brand.empty() || query.min_price || query.max_price
         || query.in_stock_only || !query.attributes.empty();
}

/// A product whose stock is not known counts as in stock, as on the product card.
void add_filters(sql_text& out, const product_search& query) {
  if (!query.category.empty()) {
    const auto key = fold(query.category);
    out.add(" AND (p.category_key = ?", key).add(" OR p.subcategory_key = ?)", key);
  }
  if (!query.brand.empty())
    out.add(" AND p.brand_key = ?", fold(query.brand));
  if (query.min_price)
    out.add(" AND p.price >= ?", query.min_price->cents);
  if (query.max_price)
    out.add(" AND p.price <= ?", query.max_price->cents);
  if (query.in_stock_only)
    out.text += " AND (p.stock IS NULL OR p.stock > 0)";
  for (const auto& range : query.attributes)
    add_range(out, range);
}

/// A condition that holds where every word begins a word of the column; singular and plural meet
/// because the singular mostly is the plural's beginning.
void add_contains(sql_text& out, std::string_view column, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    out.add((i == 0 ? " WHEN instr(' ' || " : " AND instr(' ' || ") + std::string{column} + ", ?)",
            " " + singular(words[i]));
}

/// The order of BUSINESS, as a number from 6 (exact name) to 0 (full text).
void add_tier(sql_text& out, const std::string& phrase, const std::vector<std::string>& words) {
  auto one = words;
  auto many = words;
  one.back() = singular(words.back());
  many.back() = plural(one.back());
  const auto joined = [](const std::vector<std::string>& list) {
    std::string text;
    for (const auto& word : list)
      text += (text.empty() ? "" : " ") + word;
    return text;
  };
  out.add("CASE WHEN p.title_key = ? THEN 6", phrase).add(" WHEN p.brand_key = ? THEN 5", phrase);
  for (const auto* column : {"p.category_key", "p.subcategory_key"})
    out.add(std::string{" WHEN "} + column + " IN (?", phrase)
      .add(",?", joined(one))
      .add(",?) THEN 4", joined(many));
  add_contains(out, "p.title_key", words);
  out.text += " THEN 3";
  add_contains(out, "p.brand_key", words);
  out.text += " THEN 2";
  add_contains(out, "p.category_key", words);
  out.text += " THEN 1";
  add_contains(out, "p.subcategory_key", words);
  out.text += " THEN 1 ELSE 0 END";
}

/// The words as an FTS5 expression. Folded words hold no quote, so quoting them is enough.
std::string match_of(const std::vector<std::string>& words, std::string_view between,
                     bool last_begins) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty())
      out += between;
    out += '"' + word + '"';
  }
  if (last_begins)
    out += " *";
  return out;
}

std::pair<std::int64_t, std::int64_t> id_range(tenant_id tenant) {
  return {tenant << tenant_shift, ((tenant + 1) << tenant_shift) - 1};
}

/// bm25 is better the lower it is; this makes it a number from 0 to 1, better the higher.
double closeness(double bm25) {
  const auto score = std::max(0.0, -bm25);
  return score / (1 + score);
}

ranking collect(const context& in, const sql_text& sql) {
  ranking out;
  sql::query q{in.db, sql.text};
  sql.bind(q);
  while (q.step()) {
    const auto tier = q.integer(1);
    const auto relevance = tier > 0   ? static_cast<double>(tier + 1)
                           : tier < 0 ? closeness(q.real(2))
                                      : 1 + closeness(q.real(2));
    out.found.push_back({q.integer(0), relevance});
    out.total = static_cast<std::uint64_t>(q.integer(3));
  }
  return out;
}

/// Full-text matches in the order of relevance. `tiers`: every word matched, so that the tiers
/// apply.
ranking rank_matches(const context& in, const product_search& query, const std::string& match,
                     const std::vector<std::string>& words, bool tiers) {
  sql_text sql;
  sql.text = "WITH found(id, tier, score, price) AS MATERIALIZED (SELECT p.id, ";
  if (tiers)
    add_tier(sql, fold(query.text), words);
  else
    sql.text += "-1";
  const auto [low, high] = id_range(in.tenant);
  sql.text += ", bm25(product_words, 10.0, 6.0, 4.0, 4.0, 1.0), p.price"
              " FROM product_words JOIN products p ON p.id = product_words.rowid";
  sql.add(" WHERE product_words MATCH ?", match)
    .add(" AND product_words.rowid BETWEEN ?", low)
    .add(" AND ?", high);
  add_filters(sql, query);
  sql.add(") SELECT id, tier, score, count(*) OVER () FROM found"
          " ORDER BY tier DESC, CASE WHEN tier < 1 THEN score ELSE 0 END, price, id LIMIT ?",
          std::int64_t{clamp_limit(query.limit)});
  return collect(in, sql);
}

bool matches_anything(const context& in, const std::string& match) {
  const auto [low, high] = id_range(in.tenant);
  sql::query q{in.db, "SELECT 1 FROM product_words WHERE product_words MATCH ? AND rowid BETWEEN ? "
                      "AND ? LIMIT 1"};
  q.bind_all(std::string_view{match}, low, high);
  return q.step();
}

/// All words; where the catalogue has no such product, the last word as a beginning; then any word.
/// What only the filters took away stays away: "none under $5" is an answer.
ranking rank_text(const context& in, const product_search& query,
                  const std::vector<std::string>& words) {
  for (const bool last_begins : {false, true}) {
    const auto match = match_of(words, " ", last_begins);
    auto out = rank_matches(in, query, match, words, true);
    if (out.total > 0 || (has_filters(query) && matches_anything(in, match)))
      return out;
  }
  if (words.size() == 1)
    return {};
  return rank_matches(in, query, match_of(words, " OR ", false), words, false);
}

ranking rank_all(const context& in, const product_search& query) {
  sql_text where;
  where.add(" FROM products p WHERE p.tenant = ?", std::int64_t{in.tenant});
  add_filters(where, query);
  ranking out;
  {
    sql::query count{in.db, "SELECT count(*)" + where.text};
    where.bind(count);
    if (count.step())
      out.total = static_cast<std::uint64_t>(count.integer(0));
  }
  sql_text page = where;
  page.text = "SELECT p.id" + where.text;
  page.add(" ORDER BY p.price, p.id LIMIT ?", std::int64_t{clamp_limit(query.limit)});
  sql::query q{in.db, page.text};
  page.bind(q);
  while (q.step())
    out.found.push_back({q.integer(0), 0});
  return out;
}

} // namespace

product_search_rows search(const context& in, const product_search& query) {
  auto words = words_of(query.text);
  if (words.size() > max_search_words)
    words.resize(max_search_words);
  const auto ranks = words.empty() ? rank_all(in, query) : rank_text(in, query, words);
  product_search_rows out;
  out.total = ranks.total;
  out.hits.reserve(ranks.found.size());
  const auto sql =
    "SELECT " + std::string{product_columns(in.who)} + " FROM products p WHERE p.id = ?";
  for (const auto& hit : ranks.found) {
    sql::query q{in.db, sql};
    q.bind(hit.id);
    if (q.step())
      out.hits.push_back({product_of(q), hit.relevance});
  }
  return out;
}

} // namespace flipsync::reads
