#include "adapters/store/import_apply.hpp"

#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

/// Parts of a key are told apart by a character that names cannot hold.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) {
    out += part;
    out += '\x1f';
  }
  return out;
}

std::string number(wall_time t) { return std::to_string(t.time_since_epoch().count()); }

// --- rivals' prices -----------------------------------------------------------------------------

class price_applier final : public row_applier {
public:
  explicit price_applier(const apply_context& context) : in_{context} {}

  result<void> decode(const record& row, column_names& names) override {
    auto decoded = decode_price(row, names, in_.clock);
    if (!decoded)
      return decoded.error();
    row_ = std::move(*decoded);
    return {};
  }
  [[nodiscard]] std::string key() const override {
    const auto& item = row_.item;
    return joined({nocase_key(item.sku), item.competitor, item.marketplace, number(item.seen_at)});
  }
  [[nodiscard]] std::string shown_key() const override {
    return "the price of '" + row_.item.sku + "' at " + row_.item.competitor + " at that time";
  }

  row_outcome apply() override {
    // The newest until now: one that is dated ahead would make each import of this one another.
    if (!row_.present.has(column::seen_at)
        && stored_price("seen_at <= ? ORDER BY seen_at DESC LIMIT 1") == row_.item.price)
      return row_outcome::unchanged;
    const auto known = stored_price("seen_at = ?");
    if (known == row_.item.price)
      return row_outcome::unchanged;
    write();
    return known ? row_outcome::updated : row_outcome::inserted;
  }

private:
  void bind_key(sql::query& q) {
    q.bind_all(in_.tenant, std::string_view{row_.item.sku}, std::string_view{row_.item.competitor},
               std::string_view{row_.item.marketplace});
  }

  std::optional<money> stored_price(const std::string& at) {
    const auto sql = "SELECT price FROM rival_prices WHERE tenant = ? AND sku = ?"
                     " AND competitor = ? AND marketplace = ? AND "
                     + at;
    sql::query q{in_.db, sql};
    bind_key(q);
    q.bind(row_.item.seen_at);
    return q.step() ? std::optional{q.cents(0)} : std::nullopt;
  }

  void write() {
    sql::query q{in_.db,
                 "INSERT INTO rival_prices(tenant, sku, competitor, marketplace, seen_at, price)"
                 " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET price = excluded.price"};
    bind_key(q);
    q.bind_all(row_.item.seen_at, row_.item.price);
    q.run();
    sql::query latest{
      in_.db, "INSERT INTO rival_latest(tenant, sku, competitor, marketplace, seen_at, price)"
              " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at,"
              " price = excluded.price WHERE excluded.seen_at >= seen_at"};
    bind_key(latest);
    latest.bind_all(row_.item.seen_at, row_.item.price);
    latest.run();
  }

  apply_context in_;
  decoded_row<rival_price> row_;
};

// --- orders -------------------------------------------------------------------------------------

/// What a status means for the figures: 0 still to be served, 1 a sale, 2 no sale (orders.state).
int state_of(std::string_view status) {
  const auto key = fold(status);
  for (const auto* none :
       {"cancelled", "canceled", "refunded", "returned", "voided", "failed", "declined"})
    if (key == none)
      return 2;
  for (const auto* open : {"open", "new", "pending", "processing", "paid", "unshipped",
                           "unfulfilled", "on hold", "backordered"})
    if (key == open)
      return 0;
  return key == "awaiting" || key.starts_with("awaiting ") ? 0 : 1;
}

class order_applier final : public row_applier {
public:
  explicit order_applier(const apply_context& context) : in_{context} {}

  result<void> decode(const record& row, column_names& names) override {
    auto decoded = decode_order(row, names, in_.clock);
    if (!decoded)
      return decoded.error();
    row_ = std::move(*decoded);
    stored_ = find("order_id = ? AND sku = ?", row_.item.sku);
    complete();
    if (!row_.present.has(column::ordered_at))
      return error{errc::invalid_request, "no ordered_at"};
    above_ = row_.item;
    return {};
  }
  [[nodiscard]] std::string key() const override {
    return joined({row_.item.order_id, nocase_key(row_.item.sku)});
  }
  [[nodiscard]] std::string shown_key() const override {
    return "order '" + row_.item.order_id + "' with sku '" + row_.item.sku + "'";
  }

  row_outcome apply() override {
    if (!stored_) {
      write(row_.item);
      return row_outcome::inserted;
    }
    auto wanted = row_.item;
    wanted.sku = stored_->sku;
    keep(column::marketplace, wanted.marketplace, stored_->marketplace);
    keep(column::buyer, wanted.buyer, stored_->buyer);
    if (wanted == *stored_)
      return row_outcome::unchanged;
    write(wanted);
    return row_outcome::updated;
  }

private:
  template <class T>
  void keep(column c, T& wanted, const T& stored) {
    if (!row_.present.has(c))
      wanted = stored;
  }

  /// Exports give status and time on an order's first line alone, and they are the whole order's:
  /// a line without them takes those of the line above, else what is stored of it, else of another
  /// line of its order.
  void complete() {
    if (above_ && above_->order_id == row_.item.order_id)
      take_from(*above_);
    if (row_.present.has(column::status) && row_.present.has(column::ordered_at))
      return;
    const auto known =
      stored_ ? stored_ : find("order_id = ? AND sku <> ? ORDER BY ordered_at, sku", row_.item.sku);
    if (known)
      take_from(*known);
  }

  void take_from(const order_line& line) {
    if (!row_.present.has(column::status) && !line.status.empty()) {
      row_.item.status = line.status;
      row_.present.add(column::status);
    }
    if (!row_.present.has(column::ordered_at)) {
      row_.item.ordered_at = line.ordered_at;
      row_.present.add(column::ordered_at);
    }
  }

  std::optional<order_line> find(const std::string& which, std::string_view sku) {
    const auto sql = "SELECT order_id, sku, quantity, unit_price, marketplace, buyer, status,"
                     " ordered_at FROM orders WHERE tenant = ? AND "
                     + which + " LIMIT 1";
    sql::query q{in_.db, sql};
    q.bind_all(in_.tenant, std::string_view{row_.item.order_id}, sku);
    if (!q.step())
      return std::nullopt;
    return order_line{q.text(0), q.text(1), q.integer(2), q.cents(3),
                      q.text(4), q.text(5), q.text(6),    q.time(7)};
  }

  void write(const order_line& line) {
    sql::query q{in_.db,
                 "INSERT OR REPLACE INTO orders(tenant, order_id, sku, quantity, unit_price,"
                 " marketplace, buyer, status, state, ordered_at)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    q.bind_all(in_.tenant, std::string_view{line.order_id}, std::string_view{line.sku},
               line.quantity, line.unit_price, std::string_view{line.marketplace},
               std::string_view{line.buyer}, std::string_view{line.status},
               std::int64_t{state_of(line.status)}, line.ordered_at);
    q.run();
  }

  apply_context in_;
  decoded_row<order_line> row_;
  std::optional<order_line> stored_; ///< the same line as the store has it
  std::optional<order_line> above_;  ///< the row before, completed
};

// --- rates --------------------------------------------------------------------------------------

class rate_applier final : public row_applier {
public:
  explicit rate_applier(const apply_context& context) : in_{context} {}

  result<void> decode(const record& row, column_names& names) override {
    auto decoded = decode_rate(row, names);
    if (!decoded)
      return decoded.error();
    row_ = std::move(*decoded);
    return {};
  }
  [[nodiscard]] std::string key() const override {
    const auto& item = row_.item;
    return joined(
      {item.carrier, item.service, nocase_key(item.zone), std::to_string(item.max_weight_g)});
  }
  [[nodiscard]] std::string shown_key() const override {
    return "the rate of " + row_.item.carrier + " " + row_.item.service + " for " + row_.item.zone
           + " up to " + std::to_string(row_.item.max_weight_g) + " g";
  }

  row_outcome apply() override {
    const auto& item = row_.item;
    sql::query stored{in_.db, "SELECT price, days FROM rates WHERE tenant = ? AND carrier = ?"
                              " AND service = ? AND zone = ? AND max_weight_g = ?"};
    bind_key(stored);
    const bool known = stored.step();
    const auto days =
      known && !row_.present.has(column::days) ? stored.maybe_integer(1) : item.days;
    if (known && stored.cents(0) == item.price && stored.maybe_integer(1) == days)
      return row_outcome::unchanged;
    sql::query q{in_.db,
                 "INSERT OR REPLACE INTO rates(tenant, carrier, service, zone, max_weight_g,"
                 " price, days) VALUES(?, ?, ?, ?, ?, ?, ?)"};
    bind_key(q);
    q.bind_all(item.price, days);
    q.run();
    return known ? row_outcome::updated : row_outcome::inserted;
  }

private:
  void bind_key(sql::query& q) {
    const auto& item = row_.item;
    q.bind_all(in_.tenant, std::string_view{item.carrier}, std::string_view{item.service},
               std::string_view{item.zone}, item.max_weight_g);
  }

  apply_context in_;
  decoded_row<shipping_rate> row_;
};

} // namespace

std::unique_ptr<row_applier> make_applier(import_kind kind, const apply_context& context) {
  switch (kind) {
  case import_kind::products:
    return make_product_applier(context);
  case import_kind::prices:
    return std::make_unique<price_applier>(context);
  case import_kind::orders:
    return std::make_unique<order_applier>(context);
  case import_kind::rates:
    return std::make_unique<rate_applier>(context);
  }
  return nullptr;
}

} // namespace flipsync
