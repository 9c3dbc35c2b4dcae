#include "adapters/store/catalogue_words.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "adapters/store/product_rows.hpp"
#include "runtime/core/text/public_columns.hpp"

namespace flipsync {

namespace {

/// A text column with more distinct values than this describes single products, it does not sort
/// them.
constexpr std::size_t max_attribute_values = 64;
/// Longer values are prose.
constexpr std::size_t max_attribute_length = 40;

bool is_text(std::string_view value) {
  return value.find_first_not_of("0123456789.,-+ %") != std::string_view::npos;
}

/// Distinct values by column; a column that got too many keeps an empty set and `crowded`.
class attribute_values {
public:
  void note(const std::string& column, const std::string& value) {
    auto& seen = columns_[column];
    if (!value.empty())
      ++(measure_of(value) ? seen.numbers : seen.texts);
    if (seen.crowded || value.size() > max_attribute_length || !is_text(value))
      return;
    seen.values.insert(value);
    if (seen.values.size() > max_attribute_values) {
      seen.crowded = true;
      seen.values.clear();
    }
  }
  void add_to(vocabulary& words) const {
    for (const auto& [name, column] : columns_) {
      for (const auto& value : column.values)
        words.add(entity_kind::attribute, value);
      if (column.numbers > column.texts)
        words.add_measure(name);
    }
  }

private:
  struct column_values {
    std::set<std::string> values;
    bool crowded = false;
    std::size_t numbers = 0; ///< values that begin with one, and others
    std::size_t texts = 0;
  };
  std::map<std::string, column_values> columns_;
};

using text_set = std::set<std::string, std::less<>>;

void note(text_set& seen, std::string_view text) {
  if (!seen.contains(text))
    seen.emplace(text);
}

/// In the order of what they fold to; of several spellings that fold alike, the first by its bytes.
void add_names(vocabulary& words, entity_kind kind, const text_set& spellings) {
  std::map<std::string, std::string> names;
  for (const auto& spelled : spellings) {
    const auto [at, fresh] = names.try_emplace(fold(spelled), spelled);
    if (!fresh && spelled < at->second)
      at->second = spelled;
  }
  for (const auto& [folded, spelled] : names)
    words.add(kind, spelled);
}

/// Few products differ in these, so each value is looked at once.
void add_what_sorts(sql::connection& db, tenant_id tenant, vocabulary& words) {
  text_set categories;
  text_set subcategories;
  text_set brands;
  text_set attributes;
  // In the order in which the rows lie: by an index each would be looked for.
  sql::query q{db, "SELECT category, subcategory, brand, attributes, age_restricted FROM products"
                   " WHERE id BETWEEN ? AND ?"};
  q.bind_all(tenant << tenant_shift, ((tenant + 1) << tenant_shift) - 1);
  while (q.step()) {
    note(categories, q.view(0));
    note(subcategories, q.view(1));
    note(brands, q.view(2));
    note(attributes, q.view(3));
    words.for_adults = words.for_adults || q.integer(4) != 0;
  }
  add_names(words, entity_kind::category, categories);
  add_names(words, entity_kind::category, subcategories);
  add_names(words, entity_kind::brand, brands);
  attribute_values values;
  for (const auto& set : attributes)
    for (const auto& [name, value] : attributes_of(set))
      if (is_public_column(name)) // a shopper who says a supplier's name must not be understood
        values.note(name, value);
  values.add_to(words);
}

} // namespace

std::shared_ptr<vocabulary> read_catalogue_words(sql::connection& db, tenant_id tenant) {
  auto words = std::make_shared<vocabulary>();
  add_what_sorts(db, tenant, *words);
  // Both from their indices, a fraction of the table.
  sql::query titles{db, "SELECT title_key FROM products WHERE tenant = ?"};
  titles.bind(tenant);
  while (titles.step())
    words->add_folded_product(titles.view(0));
  sql::query skus{db, "SELECT sku FROM products WHERE tenant = ?"};
  skus.bind(tenant);
  while (skus.step())
    words->add_sku(skus.view(0));
  return words;
}

} // namespace flipsync
