#include "adapters/store/catalogue_view.hpp"

#include "adapters/store/catalogue_words.hpp"
#include "adapters/store/reads.hpp"

namespace flipsync {

namespace {

store_rows answer(const reads::context& in, const store_query& query) {
  struct visitor {
    const reads::context& in;
    store_rows operator()(const product_search& q) const { return reads::search(in, q); }
    store_rows operator()(const product_dossier& q) const { return reads::dossier(in, q); }
    store_rows operator()(const shop_summary_query& q) const { return reads::summary(in, q); }
    store_rows operator()(const attention_query& q) const { return reads::attend(in, q); }
    store_rows operator()(const price_feed_query& q) const { return reads::price_feed(in, q); }
    store_rows operator()(const order_query& q) const { return reads::find_orders(in, q); }
    store_rows operator()(const rate_query& q) const { return reads::find_rates(in, q); }
  };
  return std::visit(visitor{in}, query);
}

} // namespace

catalogue_view::catalogue_view(const store_options& options, version_mirror& version)
  : options_{options},
    version_{version},
    file_{options.data_dir / "catalogue.db", {options.synchronous_full, options.busy_timeout}} {
  add_text_score(file_, lengths_);
}

result<read_result> catalogue_view::read(const read_batch& batch) {
  return sql::guarded("cannot read the catalogue", [&]() -> result<read_result> {
    read_result out;
    out.rows.reserve(batch.queries.size());
    sql::transaction tx{file_, sql::transaction_kind::read};
    out.catalogue_version = stored_version();
    // No tenant has the number 0: an unknown one owns nothing.
    const auto tenant = find_tenant(options_.tenant).value_or(0);
    lengths_.of_version(out.catalogue_version, tenant << tenant_shift,
                        ((tenant + 1) << tenant_shift) - 1);
    const reads::context in{file_, tenant, batch.who, batch.now, options_.default_lead_time_days};
    for (const auto& query : batch.queries)
      out.rows.push_back(answer(in, query));
    tx.commit();
    version_.raise_to(out.catalogue_version);
    return out;
  });
}

result<std::shared_ptr<const vocabulary>> catalogue_view::load_vocabulary() {
  return sql::guarded(
    "cannot read the catalogue's words", [&]() -> result<std::shared_ptr<const vocabulary>> {
      sql::transaction tx{file_, sql::transaction_kind::read};
      auto words = read_catalogue_words(file_, find_tenant(options_.tenant).value_or(0));
      words->version = stored_version();
      tx.commit();
      version_.raise_to(words->version);
      return std::shared_ptr<const vocabulary>{std::move(words)};
    });
}

std::optional<tenant_id> catalogue_view::find_tenant(const std::string& name) {
  if (const auto known = tenants_.find(name); known != tenants_.end())
    return known->second;
  sql::query q{file_, "SELECT id FROM tenants WHERE name = ?"};
  q.bind(std::string_view{name});
  if (!q.step())
    return std::nullopt;
  // Tenants are never removed, so what was read stays true.
  return tenants_.emplace(name, q.integer(0)).first->second;
}

tenant_id catalogue_view::add_tenant(const std::string& name) {
  sql::query q{file_,
               "INSERT INTO tenants(name) VALUES(?) ON CONFLICT(name) DO UPDATE SET name = name"
               " RETURNING id"};
  q.bind(std::string_view{name});
  if (!q.step())
    throw sql::failure{0, "a tenant was not stored"};
  const auto id = q.integer(0);
  q.run();
  return id;
}

std::uint64_t catalogue_view::stored_version() {
  sql::query q{file_, "SELECT value FROM meta WHERE name = 'catalogue_version'"};
  return q.step() ? static_cast<std::uint64_t>(q.integer(0)) : 0;
}

} // namespace flipsync
