#include "adapters/store/import_apply.hpp"
#include "adapters/store/product_keys.hpp"
#include "adapters/store/product_rows.hpp"
#include "runtime/core/text/public_columns.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

/// What a shopper may filter by, and the safety stock that the list of what to reorder reads: who
/// filters by a number learns it.
bool is_numbered(const std::string& name) {
  return is_public_column(name) || fold(name) == "safety stock";
}

class product_applier final : public row_applier {
public:
  explicit product_applier(const apply_context& context)
    : in_{context},
      next_id_{first_free_id()} {}

  result<void> decode(const record& row, column_names& names) override {
    auto decoded = decode_product(row, names);
    if (!decoded)
      return decoded.error();
    row_ = std::move(*decoded);
    return {};
  }
  [[nodiscard]] std::string key() const override { return nocase_key(row_.item.sku); }
  [[nodiscard]] std::string shown_key() const override { return "sku '" + row_.item.sku + "'"; }

  row_outcome apply() override {
    const auto [id, stored] = find(row_.item.sku);
    const auto wanted = merged(stored, row_);
    if (id == 0) {
      insert(wanted);
      return row_outcome::inserted;
    }
    if (wanted == stored)
      return row_outcome::unchanged;
    update(id, stored, wanted);
    return row_outcome::updated;
  }

  /// Prices and orders stay, as those of SKUs that were never in the catalogue.
  bool remove(std::string_view sku) override {
    const auto id = find(sku).first;
    if (id == 0)
      return false;
    unindex(id);
    ++indexed_;
    sql::query q{in_.db, "DELETE FROM products WHERE id = ?"};
    q.bind(id);
    q.run();
    return true;
  }

  /// The index grows by small pieces, and each word of a search is looked up in every one of them.
  /// Where much of it is new it is put together: a third of a second for 100,000 products.
  void finish() override {
    if (indexed_ * much_of_it < product_count())
      return; // the pieces of small imports are put together by and by
    sql::query q{in_.db, "INSERT INTO product_words(product_words) VALUES('optimize')"};
    q.run();
  }

private:
  static constexpr std::int64_t much_of_it = 20; ///< one product in so many

  std::int64_t product_count() {
    sql::query q{in_.db, "SELECT count(*) FROM products"};
    return q.step() ? q.integer(0) : 0;
  }

  std::int64_t first_free_id() {
    const auto base = in_.tenant << tenant_shift;
    sql::query q{in_.db, "SELECT max(id) FROM products WHERE id BETWEEN ? AND ?"};
    q.bind_all(base, base + (std::int64_t{1} << tenant_shift) - 1);
    return q.step() && !q.is_null(0) ? q.integer(0) + 1 : base + 1;
  }

  std::pair<std::int64_t, product> find(std::string_view sku) {
    static const auto sql = "SELECT " + std::string{product_columns(audience::seller)}
                            + ", p.id FROM products p WHERE p.tenant = ? AND p.sku = ?";
    sql::query q{in_.db, sql};
    q.bind_all(in_.tenant, sku);
    if (!q.step())
      return {0, {}};
    return {q.integer(product_column_count), product_of(q)};
  }

  void bind_columns(sql::query& q, const product& item, const product_keys& keys) {
    tags_ = join_tags(item.tags);
    attributes_ = attributes_json(item.attributes);
    const auto text = [](const std::string& s) { return std::string_view{s}; };
    q.bind_all(in_.tenant, item.price, item.stock, std::int64_t{item.age_restricted},
               text(item.sku), text(keys.title), text(keys.brand), text(keys.category),
               text(keys.subcategory), text(item.title), text(item.brand), text(item.category),
               text(item.subcategory), item.cost, item.max_stock, item.velocity_per_day,
               item.lead_time_days, item.weight_g, text(tags_), text(attributes_),
               text(item.description), text(keys.body));
  }

  void insert(const product& item) {
    const auto keys = keys_of(item);
    sql::query q{
      in_.db,
      "INSERT INTO products(id, tenant, price, stock, age_restricted, sku, title_key, brand_key,"
      " category_key, subcategory_key, title, brand, category, subcategory, cost, max_stock,"
      " velocity_per_day, lead_time_days, weight_g, tags, attributes, description, body_key)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    q.bind(next_id_);
    bind_columns(q, item, keys);
    q.run();
    index(next_id_, keys);
    add_numbers(next_id_, item);
    ++next_id_;
  }

  void update(std::int64_t id, const product& stored, const product& item) {
    const auto keys = keys_of(item);
    const bool words_changed = keys_of(stored) != keys;
    // The index must be told the words that it holds, which are those of the row as it stands.
    if (words_changed)
      unindex(id);
    sql::query q{
      in_.db,
      "UPDATE products SET (tenant, price, stock, age_restricted, sku, title_key, brand_key,"
      " category_key, subcategory_key, title, brand, category, subcategory, cost, max_stock,"
      " velocity_per_day, lead_time_days, weight_g, tags, attributes, description, body_key)"
      " = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?"};
    bind_columns(q, item, keys);
    q.bind(id);
    q.run();
    if (words_changed)
      index(id, keys);
    if (stored.attributes != item.attributes) {
      sql::query old{in_.db, "DELETE FROM product_numbers WHERE product = ?"};
      old.bind(id);
      old.run();
      add_numbers(id, item);
    }
  }

  void unindex(std::int64_t id) {
    sql::query q{
      in_.db, "INSERT INTO product_words(product_words, rowid, title_key, brand_key, category_key,"
              " subcategory_key, body_key) SELECT 'delete', id, title_key, brand_key, category_key,"
              " subcategory_key, body_key FROM products WHERE id = ?"};
    q.bind(id);
    q.run();
  }

  void index(std::int64_t id, const product_keys& keys) {
    ++indexed_;
    sql::query q{in_.db, "INSERT INTO product_words(rowid, title_key, brand_key, category_key,"
                         " subcategory_key, body_key) VALUES(?, ?, ?, ?, ?, ?)"};
    q.bind_all(id, std::string_view{keys.title}, std::string_view{keys.brand},
               std::string_view{keys.category}, std::string_view{keys.subcategory},
               std::string_view{keys.body});
    q.run();
  }

  void add_numbers(std::int64_t id, const product& item) {
    for (const auto& [name, value] : item.attributes) {
      if (!is_numbered(name))
        continue;
      const auto number = measure_of(value);
      if (!number)
        continue;
      const auto key = fold(name);
      sql::query q{in_.db, "INSERT OR REPLACE INTO product_numbers(product, name_key, value)"
                           " VALUES(?, ?, ?)"};
      q.bind_all(id, std::string_view{key}, *number);
      q.run();
    }
  }

  apply_context in_;
  std::int64_t next_id_;
  std::int64_t indexed_ = 0;
  decoded_row<product> row_;
  std::string tags_;
  std::string attributes_;
};

} // namespace

std::string nocase_key(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::unique_ptr<row_applier> make_product_applier(const apply_context& context) {
  return std::make_unique<product_applier>(context);
}

} // namespace flipsync
