#include "adapters/store/catalogue_words.hpp"

#include <map>
#include <set>

#include "adapters/store/product_rows.hpp"

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
    if (seen.crowded || value.size() > max_attribute_length || !is_text(value))
      return;
    seen.values.insert(value);
    if (seen.values.size() > max_attribute_values) {
      seen.crowded = true;
      seen.values.clear();
    }
  }
  void add_to(vocabulary& words) const {
    for (const auto& [name, column] : columns_)
      for (const auto& value : column.values)
        words.add(entity_kind::attribute, value);
  }

private:
  struct column_values {
    std::set<std::string> values;
    bool crowded = false;
  };
  std::map<std::string, column_values> columns_;
};

void add_names(sql::connection& db, tenant_id tenant, vocabulary& words, entity_kind kind,
               const std::string& column) {
  sql::query q{db, "SELECT min(" + column + ") FROM products WHERE tenant = ? AND " + column
                     + "_key <> '' GROUP BY " + column + "_key ORDER BY " + column + "_key"};
  q.bind(tenant);
  while (q.step())
    words.add(kind, q.view(0));
}

} // namespace

std::shared_ptr<vocabulary> read_catalogue_words(sql::connection& db, tenant_id tenant) {
  auto words = std::make_shared<vocabulary>();
  add_names(db, tenant, *words, entity_kind::category, "category");
  add_names(db, tenant, *words, entity_kind::category, "subcategory");
  add_names(db, tenant, *words, entity_kind::brand, "brand");
  attribute_values attributes;
  // Many products share one set of attributes: each set is read once.
  sql::query sets{db, "SELECT DISTINCT attributes FROM products WHERE tenant = ?"};
  sets.bind(tenant);
  while (sets.step())
    for (const auto& [name, value] : attributes_of(sets.view(0)))
      attributes.note(name, value);
  attributes.add_to(*words);
  sql::query products{db, "SELECT title, sku FROM products WHERE tenant = ?"};
  products.bind(tenant);
  while (products.step()) {
    words->add_product(products.view(0));
    words->add_sku(products.view(1));
  }
  return words;
}

} // namespace flipsync
