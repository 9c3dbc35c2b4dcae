#include "runtime/core/store/read_cache.hpp"

#include <charconv>

namespace flipsync {

namespace {

/// Writes fields one after another, each with its length before it, so that no two different
/// queries can meet in one key.
class key_writer {
public:
  explicit key_writer(std::size_t kind) { number(static_cast<std::int64_t>(kind)); }

  key_writer& text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    key_.append(value);
    return *this;
  }
  key_writer& number(std::int64_t value) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    key_.append(buffer, end);
    key_.push_back(';');
    return *this;
  }
  key_writer& real(const std::optional<double>& value) {
    char buffer[40];
    if (!value)
      return text("-");
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, *value).ptr;
    return text(std::string_view{buffer, static_cast<std::size_t>(end - buffer)});
  }
  key_writer& amount(const std::optional<money>& value) {
    return value ? number(1).number(value->cents) : number(0);
  }
  key_writer& list(const std::vector<std::string>& values) {
    number(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values)
      text(value);
    return *this;
  }
  std::string take() { return std::move(key_); }

private:
  std::string key_;
};

struct write_query {
  key_writer& out;
  void write(const product_scope& scope) const {
    out.text(scope.category).text(scope.brand).text(scope.text);
    out.amount(scope.min_price).amount(scope.max_price).number(scope.in_stock_only ? 1 : 0);
    out.list(scope.without);
  }
  void write(const std::optional<time_span>& period) const {
    out.number(period ? 1 : 0);
    if (period)
      out.number(period->from.time_since_epoch().count())
        .number(period->to.time_since_epoch().count());
  }
  void operator()(const product_search& q) const {
    out.text(q.text).text(q.category).text(q.brand).amount(q.min_price).amount(q.max_price);
    out.number(q.in_stock_only ? 1 : 0).number(q.limit).number(q.offset);
    out.number(q.dearest_first ? 1 : 0).number(q.gate.closed ? 1 : 0).list(q.gate.categories);
    out.number(q.loose_category ? 1 : 0)
      .list(q.other_categories)
      .list(q.other_brands)
      .list(q.without);
    for (const auto& range : q.attributes)
      out.text(range.name).real(range.low).real(range.high);
  }
  void operator()(const product_dossier& q) const {
    out.text(q.sku).text(q.text);
    write(q.period);
  }
  void operator()(const shop_summary_query& q) const {
    write(q.scope);
    write(q.period);
  }
  void operator()(const attention_query& q) const {
    out.number(static_cast<std::int64_t>(q.what)).number(q.limit);
    write(q.scope);
    write(q.period);
    out.text(q.rivals);
  }
  void operator()(const price_feed_query& q) const {
    out.text(q.sku).number(q.limit);
    write(q.scope);
  }
  void operator()(const order_query& q) const {
    out.text(q.order_id).number(q.limit);
    write(q.scope);
    out.text(q.sku).text(q.marketplace).number(q.open_only ? 1 : 0).number(q.counted ? 1 : 0);
    write(q.period);
    for (const auto& status : q.statuses)
      out.text(status);
  }
  void operator()(const rate_query& q) const { out.number(q.weight_g).text(q.zone); }
};

std::size_t weight(const product& p) {
  constexpr std::size_t said_of_it = 768; // what agents keep beside it: a card and two sentences
  std::size_t bytes =
    sizeof p + p.title.size() + p.description.size() + p.brand.size() + said_of_it;
  for (const auto& tag : p.tags)
    bytes += sizeof(std::string) + tag.size();
  for (const auto& [name, value] : p.attributes)
    bytes += sizeof(std::string) * 2 + name.size() + value.size();
  return bytes;
}

std::size_t weight(const product_dossier_row& row) {
  return sizeof row + (row.item ? weight(*row.item) : 0)
         + (row.rivals.size() + row.rival_history.size()) * (sizeof(rival_price) + 32);
}

struct weigh_rows {
  std::size_t operator()(const product_search_rows& rows) const {
    std::size_t bytes = sizeof rows;
    for (const auto& hit : rows.hits)
      bytes += weight(hit.item) + sizeof hit;
    return bytes;
  }
  std::size_t operator()(const product_dossier_row& row) const { return weight(row); }
  std::size_t operator()(const shop_summary_row& row) const {
    return sizeof row + row.categories.size() * (sizeof(shop_summary_row::category_line) + 32);
  }
  std::size_t operator()(const attention_rows& rows) const {
    std::size_t bytes = sizeof rows;
    for (const auto& line : rows.lines)
      bytes += weight(line);
    return bytes;
  }
  std::size_t operator()(const price_feed_rows& rows) const {
    return sizeof rows + rows.moves.size() * (sizeof(price_move) + 64);
  }
  std::size_t operator()(const order_rows& rows) const {
    return sizeof rows + rows.lines.size() * (sizeof(order_line) + 64);
  }
  std::size_t operator()(const rate_rows& rows) const {
    return sizeof rows + rows.rates.size() * (sizeof(shipping_rate) + 32);
  }
};

std::string full_key(audience who, const store_query& query) {
  // Only shoppers see less than others do.
  std::string key{who == audience::shopper ? 's' : 'a'};
  return key += key_of(query);
}

} // namespace

std::string key_of(const store_query& query) {
  key_writer out{query.index()};
  std::visit(write_query{out}, query);
  return out.take();
}

std::shared_ptr<const store_rows> read_cache::get(audience who, const store_query& query,
                                                  std::uint64_t catalogue_version) {
  const auto key = full_key(who, query);
  const std::lock_guard lock{mutex_};
  enter_version_locked(catalogue_version);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || version_ != catalogue_version) {
    ++misses_;
    return nullptr;
  }
  if (found->second->expires <= clock_->now()) {
    ++misses_;
    bytes_ -= found->second->bytes;
    recent_.erase(found->second);
    by_key_.erase(found);
    return nullptr;
  }
  ++hits_;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->rows;
}

void read_cache::put(audience who, const store_query& query, std::uint64_t catalogue_version,
                     std::shared_ptr<const store_rows> rows) {
  auto key = full_key(who, query);
  const auto size = std::visit(weigh_rows{}, *rows) + 2 * key.size() + sizeof(entry) + 64;
  if (size > max_bytes_ / 4)
    return;
  const std::lock_guard lock{mutex_};
  enter_version_locked(catalogue_version);
  if (version_ != catalogue_version || by_key_.contains(key))
    return;
  recent_.push_front({key, std::move(rows), size, clock_->now() + ttl_});
  by_key_.emplace(std::move(key), recent_.begin());
  bytes_ += size;
  evict_locked();
}

std::size_t read_cache::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

cache_view read_cache::show() const {
  const std::lock_guard lock{mutex_};
  return {"reads", hits_, misses_, recent_.size(), bytes_, max_bytes_};
}

std::size_t read_cache::clear() {
  const std::lock_guard lock{mutex_};
  const auto gone = recent_.size();
  recent_.clear();
  by_key_.clear();
  bytes_ = 0;
  return gone;
}

void read_cache::enter_version_locked(std::uint64_t version) {
  if (version <= version_)
    return;
  version_ = version;
  recent_.clear();
  by_key_.clear();
  bytes_ = 0;
}

void read_cache::evict_locked() {
  while (bytes_ > max_bytes_ && !recent_.empty()) {
    bytes_ -= recent_.back().bytes;
    by_key_.erase(recent_.back().key);
    recent_.pop_back();
  }
}

} // namespace flipsync
