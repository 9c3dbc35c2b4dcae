#include <algorithm>
#include <span>
#include <tuple>

#include "adapters/store/product_rows.hpp"
#include "adapters/store/reads.hpp"
#include "adapters/store/search_sql.hpp"

namespace flipsync::reads {

namespace {

/// 0 to 1, better the higher (text_score.hpp).
constexpr std::string_view score_of_text = "text_score(product_words)";

/// Fewer bytes than this are inside of too many words to say anything.
constexpr std::size_t shortest_part = 3;
/// Hits passed over are ranked all the same, so not without end.
constexpr std::uint32_t max_offset = 1000;

struct ranked {
  std::int64_t id = 0;
  double relevance = 0;
};
struct ranking {
  std::vector<ranked> found;
  std::uint64_t total = 0;
  bool all_words = true; ///< false: of those that have some of the words
};

/// A hit with all that orders it.
struct candidate {
  double relevance = 0;
  std::int64_t price = 0; ///< as price_rank() has it
  std::int64_t id = 0;
};
bool is_before(const candidate& one, const candidate& other) {
  return std::tuple{-one.relevance, one.price, one.id}
         < std::tuple{-other.relevance, other.price, other.id};
}

/// One search: what is asked for, and for whom.
class searcher {
public:
  searcher(const context& in, const product_search& query)
    : in_{in},
      query_{query},
      words_{query.text},
      limit_{clamp_limit(query.limit) + std::min(query.offset, max_offset)},
      low_{in.tenant << tenant_shift},
      high_{((in.tenant + 1) << tenant_shift) - 1} {}

  ranking run() {
    if (words_.words.empty())
      return rank_all();
    return rank_text();
  }

private:
  /// All words; where the catalogue has no such product, the last word as a beginning; then a part
  /// of a name; then any word. What only the filters took away stays away: "none under $5" is an
  /// answer. A loose category is no such filter.
  ranking rank_text() {
    auto exact = rank_exact();
    for (const bool last_begins : {false, true}) {
      const auto match = match_all(words_.words, last_begins);
      if (exact.size() == limit_)
        return {.found = std::move(exact), .total = count_matches(match)};
      auto out = rank_matches(match, true);
      if (out.total > 0)
        return out;
      if (!has_filters(query_) || !matches_anything(match))
        continue;
      if (!misleads(match))
        return out;
      any_category_ = true;
      return rank_matches(match, true);
    }
    // All that there are, of a name whose words the index does not join with those asked for.
    if (const auto total = exact.size(); total > 0)
      return {.found = std::move(exact), .total = total};
    if (words_.words.size() == 1)
      return rank_parts();
    // The last word says what the thing is: the lantern of "waterproof camping lantern".
    const auto head = match_all({words_.words.back()}, false);
    any_category_ = misleads(head) && matches_anything(head);
    const auto any = match_any(words_.words);
    auto out = has_filters(query_) ? rank_matches(any, false) : rank_words(any);
    out.all_words = false;
    return out;
  }

  /// Whether the category keeps away what was asked for: nothing of it, at whatever price, matches.
  bool misleads(const std::string& match) {
    if (!query_.loose_category || query_.category.empty())
      return false;
    sql_text tail;
    add_candidates(tail, match);
    add_category(tail, query_);
    tail.text += " LIMIT 1";
    return count("SELECT 1", tail) == 0;
  }

  /// Exact names, brands and categories, cheapest first, straight from their indices: a category of
  /// thousands need not be ranked to show its first ten.
  std::vector<ranked> rank_exact() {
    std::vector<ranked> out;
    take_exact(out, "p.title_key = ?", "products_by_title", relevance::exact_name);
    take_exact(out, "p.brand_key = ?", "products_by_brand", relevance::exact_brand);
    take_exact(out, "p.category_key IN (?, ?, ?)", "products_by_category",
               relevance::exact_category);
    return out;
  }

  /// The index is named because the planner, which has no statistics, would walk along the prices.
  void take_exact(std::vector<ranked>& out, const std::string& condition, const std::string& index,
                  double level) {
    if (out.size() == limit_)
      return;
    sql_text sql;
    sql.add("SELECT p.id FROM products p INDEXED BY " + index + " WHERE p.tenant = ?", in_.tenant)
      .add(" AND " + condition, words_.phrase);
    if (level == relevance::exact_category) {
      sql.arguments.emplace_back(words_.singular);
      sql.arguments.emplace_back(words_.plural);
    }
    if (level < relevance::exact_name)
      sql.add(" AND p.title_key <> ?", words_.phrase);
    if (level < relevance::exact_brand)
      sql.add(" AND p.brand_key <> ?", words_.phrase);
    add_filters(sql, query_);
    sql.add(by_price() + " LIMIT ?", std::int64_t{limit_} - std::ssize(out));
    sql::query q{in_.db, sql.text};
    sql.bind(q);
    while (q.step())
      out.push_back({q.integer(0), level});
  }

  /// `all_words`: every word matched, so that names, brands and categories count before the text.
  ranking rank_matches(const std::string& match, bool all_words) {
    sql_text sql;
    sql.text = "SELECT p.id, ";
    if (all_words)
      add_relevance(sql, words_, score_of_text);
    else
      sql.text += score_of_text;
    sql.text += ", p.price";
    add_match(sql, match);
    return take_best(sql);
  }

  /// By the text alone and without filters. Thousands may match: only those that can be among the
  /// hits are looked up for their price, which orders equals.
  ranking rank_words(const std::string& match) {
    sql_text sql;
    sql.text = "SELECT " + std::string{score_of_text} + ", rowid";
    add_words_alone(sql, match);
    std::vector<candidate> all;
    sql::query q{in_.db, sql.text};
    sql.bind(q);
    while (q.step())
      all.push_back({.relevance = q.real(0), .id = q.integer(1)});
    const std::uint64_t total = all.size();
    if (all.size() > limit_) {
      const auto last = all.begin() + limit_ - 1;
      const auto better = [](const candidate& one, const candidate& other) {
        return one.relevance > other.relevance;
      };
      std::nth_element(all.begin(), last, all.end(), better);
      std::erase_if(
        all, [least = last->relevance](const candidate& each) { return each.relevance < least; });
    }
    for (auto& each : all)
      each.price = price_of(each.id);
    return {.found = first_of(std::move(all)), .total = total};
  }

  /// A word that begins no word of the catalogue, but is inside of one ("phones"). Read from the
  /// indices, which are a fraction of the table.
  ranking rank_parts() {
    if (words_.phrase.size() < shortest_part)
      return {};
    sql_text sql;
    const auto add = [&](std::string_view head, const std::string& column, double level) {
      sql.add(std::string{head} + "SELECT id, ?", level)
        .add(" FROM products INDEXED BY products_by_" + column + " WHERE tenant = ?", in_.tenant)
        .add(" AND instr(" + column + "_key, ?)", words_.phrase);
    };
    add("WITH parts(id, level) AS (", "title", relevance::partial_name);
    add(" UNION ALL ", "brand", relevance::partial_brand);
    add(" UNION ALL ", "category", relevance::partial_category);
    sql.add(") SELECT p.id, max(level), p.price FROM parts JOIN products p ON p.id = parts.id"
            " WHERE p.tenant = ?",
            in_.tenant);
    add_filters(sql, query_);
    sql.text += " GROUP BY p.id";
    return take_best(sql);
  }

  ranking rank_all() {
    sql_text where;
    where.add(" FROM products p WHERE p.tenant = ?", in_.tenant);
    add_filters(where, query_);
    ranking out;
    out.total = count("SELECT count(*)", where);
    auto page = where;
    page.text = "SELECT p.id" + where.text;
    page.add(by_price() + " LIMIT ?", std::int64_t{limit_});
    sql::query q{in_.db, page.text};
    page.bind(q);
    while (q.step())
      out.found.push_back({q.integer(0), 0});
    return out;
  }

  /// Of rows of an id, a relevance and a price. What may be thousands is not kept: a table of it,
  /// which SQL would sort, takes longer than the search.
  ranking take_best(const sql_text& sql) {
    std::vector<candidate> best; // once it is full, a heap with the last of them in front
    ranking out;
    sql::query q{in_.db, sql.text};
    sql.bind(q);
    for (; q.step(); ++out.total) {
      const candidate hit{q.real(1), price_rank(q.integer(2)), q.integer(0)};
      if (best.size() < limit_) {
        best.push_back(hit);
        if (best.size() == limit_)
          std::make_heap(best.begin(), best.end(), is_before);
      } else if (is_before(hit, best.front())) {
        std::pop_heap(best.begin(), best.end(), is_before);
        best.back() = hit;
        std::push_heap(best.begin(), best.end(), is_before);
      }
    }
    out.found = first_of(std::move(best));
    return out;
  }

  /// The hits, in their order.
  [[nodiscard]] std::vector<ranked> first_of(std::vector<candidate> hits) const {
    std::sort(hits.begin(), hits.end(), is_before);
    hits.resize(std::min<std::size_t>(hits.size(), limit_));
    std::vector<ranked> out;
    out.reserve(hits.size());
    for (const auto& hit : hits)
      out.push_back({hit.id, hit.relevance});
    return out;
  }

  std::int64_t price_of(std::int64_t id) {
    sql::query q{in_.db, "SELECT price FROM products WHERE id = ?"};
    q.bind(id);
    return q.step() ? price_rank(q.integer(0)) : 0;
  }

  [[nodiscard]] std::string by_price() const {
    return query_.dearest_first ? " ORDER BY p.price DESC, p.id" : " ORDER BY p.price, p.id";
  }
  [[nodiscard]] std::int64_t price_rank(std::int64_t price) const {
    return query_.dearest_first ? -price : price;
  }

  void add_match(sql_text& sql, const std::string& match) {
    add_candidates(sql, match);
    if (!any_category_)
      add_category(sql, query_);
    add_filters_beside_category(sql, query_);
  }

  void add_candidates(sql_text& sql, const std::string& match) {
    sql.text += " FROM product_words JOIN products p ON p.id = product_words.rowid";
    sql.add(" WHERE product_words MATCH ?", match)
      .add(" AND product_words.rowid BETWEEN ?", low_)
      .add(" AND ?", high_);
  }

  std::uint64_t count(const std::string& head, const sql_text& tail) {
    sql::query q{in_.db, head + tail.text};
    tail.bind(q);
    return q.step() ? static_cast<std::uint64_t>(q.integer(0)) : 0;
  }

  std::uint64_t count_matches(const std::string& match) {
    sql_text tail;
    if (has_filters(query_))
      add_match(tail, match);
    else
      add_words_alone(tail, match);
    return count("SELECT count(*)", tail);
  }

  /// Without the products: several times faster where thousands match.
  void add_words_alone(sql_text& sql, const std::string& match) {
    sql.add(" FROM product_words WHERE product_words MATCH ?", match)
      .add(" AND rowid BETWEEN ?", low_)
      .add(" AND ?", high_);
  }

  bool matches_anything(const std::string& match) {
    sql_text tail;
    add_words_alone(tail, match);
    tail.text += " LIMIT 1";
    return count("SELECT 1", tail) != 0;
  }

  const context& in_;
  const product_search& query_;
  search_words words_;
  std::uint32_t limit_;
  std::int64_t low_;
  std::int64_t high_;
  bool any_category_ = false; ///< the category turned out to be none
};

} // namespace

namespace {

std::span<const ranked> after(const std::vector<ranked>& found, std::uint32_t offset) {
  return std::span{found}.subspan(std::min<std::size_t>(offset, found.size()));
}

} // namespace

product_search_rows search(const context& in, const product_search& query) {
  const auto ranks = searcher{in, query}.run();
  product_search_rows out;
  out.total = ranks.total;
  out.all_words = ranks.all_words;
  out.hits.reserve(ranks.found.size());
  const auto sql =
    "SELECT " + std::string{product_columns(in.who)} + " FROM products p WHERE p.id = ?";
  for (const auto& hit : after(ranks.found, query.offset)) {
    sql::query q{in.db, sql};
    q.bind(hit.id);
    if (q.step())
      out.hits.push_back({product_of(q), hit.relevance});
  }
  return out;
}

} // namespace flipsync::reads
