#pragma once
/// The store as a port: typed reads in one batch, one append per turn, imports. Implementations may
/// block; the store actor runs them on a thread of its own.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/core/ports/conversation_archive.hpp"
#include "runtime/core/ports/spending_book.hpp"
#include "runtime/core/text/vocabulary.hpp"
#include "runtime/core/types/error.hpp"
#include "runtime/core/types/product.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// From `from` on, before `to`.
struct time_span {
  wall_time from{};
  wall_time to{};
  friend bool operator==(const time_span&, const time_span&) = default;
};

// --- reads: each query has one row type ---------------------------------------------------------

/// What is left out for a customer whose age is not confirmed: products marked so, and those of
/// gated categories, which compare folded; a subcategory is one too.
struct age_gate {
  bool closed = false;
  std::vector<std::string> categories{};
  friend bool operator==(const age_gate&, const age_gate&) = default;
};

/// Products by relevance, computed in SQL (BUSINESS: storefront): exact name, exact brand, exact
/// category, partial name, partial brand, partial category, full text (bm25); ties by price.
/// Hyphens, accents and case fold. Empty text: the filters alone, by price.
struct product_search {
  std::string text;
  std::string category;
  std::string brand;
  std::optional<money> min_price;
  std::optional<money> max_price;
  bool in_stock_only = false;
  /// Attribute filters: column name, lowest, highest (numbers).
  struct attribute_range {
    std::string name;
    std::optional<double> low;
    std::optional<double> high;
    friend bool operator==(const attribute_range&, const attribute_range&) = default;
  };
  std::vector<attribute_range> attributes;
  age_gate gate{};
  bool dearest_first = false; ///< ties go by price from the highest down
  std::uint32_t limit = 10;   ///< at most 50
  std::uint32_t offset = 0;   ///< hits to pass over; at most 1,000
  /// The category was only read out of the text's words ("camping lantern"): where nothing of it
  /// has them all and something else does, it is no filter.
  bool loose_category = false;
  /// Of any of these as well: "headphones and speakers", "by Norvane or Tessura".
  std::vector<std::string> other_categories{};
  std::vector<std::string> other_brands{};
  std::vector<std::string> without{}; ///< words or phrases that no hit has
  friend bool operator==(const product_search&, const product_search&) = default;
};
struct product_hit {
  product item;
  double relevance = 0; ///< higher is better; comparable only within one search
};
struct product_search_rows {
  std::vector<product_hit> hits;
  std::uint64_t total = 0; ///< matches before the limit
  bool all_words = true;   ///< false: nothing has all the words, the hits have some of them
};

/// One product and everything that rules need to know of it: resolved by SKU (exact, any case),
/// else by the best search hit of `text`.
struct product_dossier {
  std::string sku;
  std::string text;
  std::optional<time_span> period{}; ///< its sales then are asked for, too
  friend bool operator==(const product_dossier&, const product_dossier&) = default;
};
struct sales_window {
  std::uint32_t days_observed = 0; ///< days since the first order of the shop, at most the window
  std::int64_t units = 0;
  money revenue;
};
struct product_dossier_row {
  std::optional<product> item;            ///< nullopt: no such product
  std::vector<rival_price> rivals;        ///< latest per competitor and marketplace, cheapest first
  std::vector<rival_price> rival_history; ///< up to 50 earlier prices, newest first
  sales_window last_14_days;
  sales_window last_30_days;
  sales_window last_90_days;
  std::optional<sales_window> in_period; ///< the query's; how many days were observed is not told
};

/// Which products a list is about; empty: all. As in a search, names compare folded, and a category
/// is a subcategory too.
struct product_scope {
  std::string category;
  std::string brand;
  std::string text{}; ///< words that are all to be found in the product
  std::optional<money> min_price{};
  std::optional<money> max_price{};
  bool in_stock_only = false;
  std::vector<std::string> without{}; ///< words or phrases that no product has
  [[nodiscard]] bool empty() const noexcept {
    return category.empty() && brand.empty() && text.empty() && !min_price && !max_price
           && !in_stock_only && without.empty();
  }
  friend bool operator==(const product_scope&, const product_scope&) = default;
};

/// The shop as a whole, or a part of its products; then an order counts that holds one of them,
/// with the lines of these.
struct shop_summary_query {
  product_scope scope{};
  std::optional<time_span> period{}; ///< what is of 30 days in the row is of this instead
  friend bool operator==(const shop_summary_query&, const shop_summary_query&) = default;
};
struct shop_summary_row {
  std::uint64_t products = 0;
  std::uint64_t out_of_stock = 0;
  money stock_value_at_cost;
  money stock_value_at_price;
  money revenue_30_days;
  money cost_of_sales_30_days;     ///< over the lines whose product has a cost
  money revenue_with_cost_30_days; ///< the revenue of those same lines
  std::uint64_t orders_30_days = 0;
  std::uint64_t open_orders = 0;
  std::optional<wall_time> first_order; ///< of the shop; only where a period was asked for
  struct category_line {
    std::string category;
    std::uint64_t products = 0;
    std::int64_t units_30_days = 0;
    money revenue_30_days;
  };
  std::vector<category_line> categories; ///< by revenue, highest first, at most 20
};

/// Which products need attention, worst first; each with its dossier figures. A thin margin is one
/// below 15 %; `thinnest_margin` are the products with a cost, however much they bring.
enum class attention : std::uint8_t {
  low_stock,
  dead_stock,
  undercut,
  best_sellers,
  thin_margin,
  thinnest_margin
};
struct attention_query {
  attention what = attention::low_stock;
  std::uint32_t limit = 10;
  product_scope scope{};
  /// Of best_sellers: by the units sold in it, which each line tells.
  std::optional<time_span> period{};
  /// Of undercut: words among which rivals' names may be; if so, by the prices of those alone.
  std::string rivals{};
  friend bool operator==(const attention_query&, const attention_query&) = default;
};
struct attention_rows {
  std::vector<product_dossier_row> lines; ///< rival_history is left empty
  /// Of dead_stock: over all such products, beyond the limit too.
  std::uint64_t total = 0;
  money tied_up_at_cost;           ///< over those whose cost is known; 0 for a shopper
  std::vector<std::string> rivals; ///< those that the query's words name
};

/// Rivals' latest price moves, newest first.
struct price_feed_query {
  std::string sku; ///< empty: all products
  std::uint32_t limit = 10;
  product_scope scope{};
  friend bool operator==(const price_feed_query&, const price_feed_query&) = default;
};
struct price_move {
  std::string sku;
  std::string title;
  std::string competitor;
  money before;
  money after;
  wall_time seen_at{};
};
struct price_feed_rows {
  std::vector<price_move> moves;
};

struct order_query {
  std::string order_id; ///< empty: the newest orders
  std::uint32_t limit = 5;
  product_scope scope{};
  std::string sku{};
  std::vector<std::string> statuses{}; ///< one of these, lower case
  bool open_only = false;
  std::string marketplace{}; ///< a part of its name, lower case
  std::optional<time_span> period{};
  bool counted = false; ///< all that match are counted
  friend bool operator==(const order_query&, const order_query&) = default;
};
struct order_rows {
  std::vector<order_line> lines;
  std::uint64_t orders = 0; ///< that match, beyond the limit too, where they were to be counted
};

struct rate_query {
  std::int64_t weight_g = 0; ///< 0: any
  std::string zone;          ///< as it folds; empty: any
  friend bool operator==(const rate_query&, const rate_query&) = default;
};
struct rate_rows {
  std::vector<shipping_rate> rates; ///< those that carry the weight, cheapest first
  std::vector<std::string> zones;   ///< every zone of the table
  bool cut = false; ///< there are more rates than a read gives: the dearest are left out
};

using store_query = std::variant<product_search, product_dossier, shop_summary_query,
                                 attention_query, price_feed_query, order_query, rate_query>;
using store_rows = std::variant<product_search_rows, product_dossier_row, shop_summary_row,
                                attention_rows, price_feed_rows, order_rows, rate_rows>;

/// Whether the answer takes a look at every product or order of the shop.
[[nodiscard]] inline bool reads_whole_shop(const store_query& query) noexcept {
  // The newest of a scope may be far back.
  const auto* feed = std::get_if<price_feed_query>(&query);
  const auto* orders = std::get_if<order_query>(&query);
  return std::holds_alternative<shop_summary_query>(query)
         || std::holds_alternative<attention_query>(query) || (feed && !feed->scope.empty())
         || (orders && orders->sku.empty() && (orders->counted || !orders->scope.empty()));
}

/// All reads of one turn in one go, answered from one snapshot of the database. Tenants share the
/// shop.
struct read_batch {
  audience who = audience::any; ///< for a shopper, `cost` is never read
  std::vector<store_query> queries;
  wall_time now{};
};
struct read_result {
  std::vector<store_rows> rows; ///< rows[i] answers queries[i]
  std::uint64_t catalogue_version = 0;
};

// --- conversations ----------------------------------------------------------------------------

struct stored_message {
  std::string role; ///< "user" or "assistant"
  std::string text;
  std::string agent; ///< who answered; empty for the user's
  wall_time at{};
  std::vector<std::string> skus; ///< the products that the answer showed, or told of, in order
};
/// What one completed turn adds to its conversation; committed before `completed` is sent.
struct stored_turn {
  std::string tenant = "default";
  std::string conversation_id;
  std::string turn_id;
  std::string customer_id;
  audience who = audience::any;
  std::string agent;
  /// True where nothing can be stored of the conversation yet, since its id was made for this turn:
  /// it is not looked for.
  bool begins = false;
  stored_message question;
  stored_message answer;
};
struct conversation_history {
  bool exists = false;
  std::string agent;                    ///< the agent of its last turn
  std::vector<stored_message> messages; ///< oldest first, the last `limit`
};

// --- imports ------------------------------------------------------------------------------------

enum class import_kind : std::uint8_t { products, prices, orders, rates };
std::string_view to_string(import_kind k) noexcept;
result<import_kind> parse_import_kind(std::string_view name);

/// The store. One thread at a time may call it, and a second one at the same time `survey` and
/// `load_vocabulary` (docs/adr/0035). `catalogue_version` and `append_now` are thread-safe.
class store_port {
public:
  virtual ~store_port() = default;
  /// Errors: store_failed.
  virtual result<read_result> read(const read_batch& batch) = 0;
  /// The same, for a batch that looks at every product or order (`reads_whole_shop`).
  virtual result<read_result> survey(const read_batch& batch) = 0;
  /// Commits all turns in one transaction, and with them what model calls have cost
  /// (spending_book::follow), durable when it returns. Errors: store_failed (nothing kept).
  virtual result<void> append(const std::vector<std::shared_ptr<const stored_turn>>& turns) = 0;
  /// `append` of one turn on the calling thread, if nothing else uses the store and the commit need
  /// not wait for the disk (docs/adr/0023). False: nothing is kept, for whatever reason; `append`
  /// will do it or tell why not. Thread-safe, never waits for another thread or process.
  [[nodiscard]] virtual bool append_now(const std::shared_ptr<const stored_turn>&) noexcept {
    return false;
  }
  virtual result<conversation_history>
  history(const std::string& tenant, const std::string& conversation_id, std::uint32_t limit) = 0;
  /// The words of the catalogue, for routing and for reading messages.
  virtual result<std::shared_ptr<const vocabulary>> load_vocabulary() = 0;
  /// Rises with every import that changed something, by whatever process made it; visible at once.
  /// Cheap (no I/O), thread-safe.
  [[nodiscard]] virtual std::uint64_t catalogue_version() const noexcept = 0;
  /// The stored conversations as a list; null where the store keeps none. Used like the store.
  [[nodiscard]] virtual conversation_archive* archive() noexcept { return nullptr; }
  /// What model calls have cost by day; null where the store keeps none. Used like the store.
  [[nodiscard]] virtual spending_book* spending() noexcept { return nullptr; }
};

} // namespace flipsync
