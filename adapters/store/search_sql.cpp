#include "adapters/store/search_sql.hpp"

#include <span>

#include "runtime/core/text/public_columns.hpp"
#include "runtime/core/text/stem.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::reads {

namespace {

constexpr std::size_t max_search_words = 12;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

void add_range(sql_text& out, const product_search::attribute_range& range) {
  const auto name = fold(range.name);
  if (!is_public_column(name)) {
    out.text += " AND 0";
    return;
  }
  const auto add_bounds = [&](const std::string& value) {
    if (range.low)
      out.add(" AND " + value + " >= ?", *range.low);
    if (range.high)
      out.add(" AND " + value + " <= ?", *range.high);
  };
  if (name == "weight g") {
    out.text += " AND p.weight_g IS NOT NULL";
    add_bounds("p.weight_g");
    return;
  }
  out.add(" AND EXISTS(SELECT 1 FROM product_numbers n WHERE n.product = p.id AND n.name_key = ?",
          name);
  add_bounds("n.value");
  out.text += ")";
}

void add_gate(sql_text& out, const age_gate& gate) {
  if (!gate.closed)
    return;
  out.text += " AND p.age_restricted = 0";
  for (const auto& category : gate.categories)
    if (const auto key = fold(category); !key.empty())
      out.add(" AND p.category_key <> ?", key).add(" AND p.subcategory_key <> ?", key);
}

using names = std::span<const std::string>;

/// Of the category or one of the others.
void add_categories(sql_text& out, const std::string& category, names others) {
  if (category.empty())
    return;
  const auto add_one = [&out](std::string_view before, const std::string& name) {
    const auto key = fold(name);
    out.add(std::string{before} + "p.category_key = ?", key).add(" OR p.subcategory_key = ?", key);
  };
  add_one(" AND (", category);
  for (const auto& other : others)
    add_one(" OR ", other);
  out.text += ")";
}

void add_brands(sql_text& out, const std::string& brand, names others) {
  if (brand.empty())
    return;
  out.add(" AND p.brand_key IN (?", fold(brand));
  for (const auto& other : others)
    out.add(", ?", fold(other));
  out.text += ")";
}

/// Folded words hold no quote, so quoting them is enough.
std::string any_of_phrases(names phrases) {
  std::string out;
  for (const auto& phrase : phrases)
    if (const auto folded = fold(phrase); !folded.empty())
      out.append(out.empty() ? "\"" : " OR \"").append(folded).append("\"");
  return out;
}

/// The filters that a search and a scope have in common, beside category and brand.
template <class Query>
void add_shared_filters(sql_text& out, const Query& query) {
  if (query.min_price)
    out.add(" AND p.price >= ?", query.min_price->cents);
  if (query.max_price)
    out.add(" AND p.price <= ?", query.max_price->cents);
  if (query.in_stock_only)
    out.text += " AND (p.stock IS NULL OR p.stock > 0)";
  if (auto unwanted = any_of_phrases(query.without); !unwanted.empty())
    out.add(" AND p.id NOT IN (SELECT rowid FROM product_words WHERE product_words MATCH ?)",
            std::move(unwanted));
}

void add_level(sql_text& out, double level) { out.add(" THEN ?", level); }

/// " WHEN" every word begins a word of the column. Singular and plural meet, since the singular
/// mostly is the plural's beginning; where it is not, either counts.
void add_contains(sql_text& out, const std::string& column, const std::vector<std::string>& words) {
  const auto begins = "instr(' ' || " + column + ", ?)";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    out.add((i == 0 ? " WHEN (" : " AND (") + begins, " " + flipsync::singular(word));
    for (const auto other : {flipsync::singular_in_ie(word), flipsync::irregular_form(word)})
      if (!other.empty())
        out.add(" OR " + begins, " " + std::string{other});
    out.text += ")";
  }
}

} // namespace

search_words::search_words(std::string_view text) : words{words_of(text)} {
  if (words.size() > max_search_words)
    words.resize(max_search_words);
  if (words.empty())
    return;
  phrase = joined(words);
  auto forms = words;
  forms.back() = flipsync::singular(words.back());
  singular = joined(forms);
  forms.back() = flipsync::plural(forms.back());
  plural = joined(forms);
}

bool has_filters(const product_search& query) {
  return !query.category.empty() || !query.brand.empty() || query.min_price || query.max_price
         || query.in_stock_only || !query.attributes.empty() || !query.without.empty()
         || query.gate.closed;
}

void add_category(sql_text& out, const product_search& query) {
  add_categories(out, query.category, query.other_categories);
}

void add_filters(sql_text& out, const product_search& query) {
  add_category(out, query);
  add_filters_beside_category(out, query);
}

void add_filters_beside_category(sql_text& out, const product_search& query) {
  add_brands(out, query.brand, query.other_brands);
  add_shared_filters(out, query);
  for (const auto& range : query.attributes)
    add_range(out, range);
  add_gate(out, query.gate);
}

void add_scope(sql_text& out, const product_scope& scope) {
  add_categories(out, scope.category, {});
  add_brands(out, scope.brand, {});
  add_shared_filters(out, scope);
  if (const search_words words{scope.text}; !words.words.empty())
    out.add(" AND p.id IN (SELECT rowid FROM product_words WHERE product_words MATCH ?)",
            match_all(words.words, false));
}

void add_relevance(sql_text& out, const search_words& words, std::string_view score) {
  out.add("CASE WHEN p.title_key = ?", words.phrase);
  add_level(out, relevance::exact_name);
  out.add(" WHEN p.brand_key = ?", words.phrase);
  add_level(out, relevance::exact_brand);
  for (const auto& [column, level] :
       {std::pair{"p.category_key", relevance::exact_category},
        std::pair{"p.subcategory_key", relevance::exact_subcategory}}) {
    out.add(std::string{" WHEN "} + column + " IN (?", words.phrase)
      .add(", ?", words.singular)
      .add(", ?)", words.plural);
    add_level(out, level);
  }
  for (const auto& [column, level] :
       {std::pair{"p.title_key", relevance::partial_name},
        std::pair{"p.brand_key", relevance::partial_brand},
        std::pair{"p.category_key", relevance::partial_category},
        std::pair{"p.subcategory_key", relevance::partial_category}}) {
    add_contains(out, column, words.words);
    add_level(out, level);
  }
  out.text += " ELSE " + std::string{score} + " END";
}

namespace {

/// Folded words hold no quote, so quoting them is enough. The index joins singular and plural by
/// their endings; where these do not tell, either counts.
std::string quoted_words(const std::vector<std::string>& words, std::string_view between,
                         bool last_begins) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty())
      out += between;
    const auto other = irregular_form(word);
    out += other.empty() ? "" : "(";
    out.append("\"").append(word).append("\"");
    if (last_begins && &word == &words.back())
      out += " *";
    if (!other.empty())
      out.append(" OR \"").append(other).append("\")");
  }
  return out;
}

} // namespace

std::string match_all(const std::vector<std::string>& words, bool last_begins) {
  return quoted_words(words, " AND ", last_begins);
}

std::string match_any(const std::vector<std::string>& words) {
  return quoted_words(words, " OR ", false);
}

} // namespace flipsync::reads
