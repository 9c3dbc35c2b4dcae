#include "tests/support/core/memory_store.hpp"

#include "runtime/core/agent/age_rules.hpp"

namespace flipsync::test {

namespace {

/// Rows without any SQL: a product matches if its folded title holds the folded text.
struct answer_query {
  const std::vector<product>& products;
  bool for_shopper;

  product shown(product p) const {
    if (for_shopper)
      p.cost.reset();
    return p;
  }
  store_rows operator()(const product_search& q) const {
    product_search_rows rows;
    for (const auto& p : products)
      if (fold(p.title).find(fold(q.text)) != std::string::npos && rows.hits.size() < q.limit
          && !(q.gate.closed && is_for_adults(p, q.gate.categories)))
        rows.hits.push_back({shown(p), 1.0});
    rows.total = rows.hits.size();
    return rows;
  }
  store_rows operator()(const product_dossier& q) const {
    product_dossier_row row;
    for (const auto& p : products)
      if (p.sku == q.sku)
        row.item = shown(p);
    return row;
  }
  store_rows operator()(const shop_summary_query&) const {
    shop_summary_row row;
    row.products = products.size();
    return row;
  }
  store_rows operator()(const attention_query&) const { return attention_rows{}; }
  store_rows operator()(const price_feed_query&) const { return price_feed_rows{}; }
  store_rows operator()(const order_query&) const { return order_rows{}; }
  store_rows operator()(const rate_query&) const { return rate_rows{}; }
};

error broken_store() { return error{errc::store_failed, "the test broke the store"}; }

} // namespace

result<read_result> memory_store::read(const read_batch& batch) {
  if (on_read)
    on_read();
  if (broken.load())
    return broken_store();
  const std::lock_guard lock{mutex_};
  batches_.push_back(batch);
  read_result out;
  out.catalogue_version = version.load();
  for (const auto& query : batch.queries)
    out.rows.push_back(std::visit(answer_query{products, batch.who == audience::shopper}, query));
  return out;
}

result<read_result> memory_store::survey(const read_batch& batch) {
  if (on_survey)
    on_survey();
  return read(batch);
}

result<void> memory_store::append(const std::vector<std::shared_ptr<const stored_turn>>& turns) {
  if (on_append)
    on_append();
  if (broken.load())
    return broken_store();
  const std::lock_guard lock{mutex_};
  for (const auto& turn : turns)
    turns_.push_back(*turn);
  keep_spending_locked();
  ++commits_;
  return {};
}

bool memory_store::append_now(const std::shared_ptr<const stored_turn>& turn) noexcept {
  if (!at_once.load() || !append({turn}))
    return false;
  ++commits_at_once_;
  return true;
}

result<conversation_history> memory_store::history(const std::string& tenant,
                                                   const std::string& conversation_id,
                                                   std::uint32_t limit) {
  ++recalls_;
  if (broken.load())
    return broken_store();
  const std::lock_guard lock{mutex_};
  conversation_history found;
  for (const auto& turn : turns_) {
    if (turn.tenant != tenant || turn.conversation_id != conversation_id)
      continue;
    found.exists = true;
    found.agent = turn.agent;
    found.messages.push_back(turn.question);
    found.messages.push_back(turn.answer);
  }
  if (found.messages.size() > limit)
    found.messages.erase(found.messages.begin(),
                         found.messages.end() - static_cast<std::ptrdiff_t>(limit));
  return found;
}

result<std::shared_ptr<const vocabulary>> memory_store::load_vocabulary() {
  if (broken.load())
    return broken_store();
  auto words = std::make_shared<vocabulary>();
  words->version = version.load();
  for (const auto& p : products) {
    words->add(entity_kind::category, p.category);
    words->add_product(p.title);
    words->add_sku(p.sku);
  }
  return std::shared_ptr<const vocabulary>{std::move(words)};
}

/// One page holds all.
result<conversation_page> memory_store::conversations(const std::string& tenant, std::uint64_t,
                                                      std::uint32_t) {
  const std::lock_guard lock{mutex_};
  conversation_page page;
  for (const auto& turn : turns_)
    if (turn.tenant == tenant
        && (page.items.empty() || page.items.front().id != turn.conversation_id)) {
      conversation_summary one;
      one.id = turn.conversation_id;
      page.items.insert(page.items.begin(), one);
    }
  return page;
}

result<std::optional<message_page>> memory_store::messages(const std::string& tenant,
                                                           const std::string& id, std::uint64_t,
                                                           std::uint32_t,
                                                           const std::vector<std::string>* agents) {
  const std::lock_guard lock{mutex_};
  std::optional<message_page> found;
  for (const auto& turn : turns_) {
    if (turn.tenant != tenant || turn.conversation_id != id)
      continue;
    if (!found) {
      found.emplace();
      found->conversation.who = turn.who;
    }
    found->conversation.id = id;
    if (agents != nullptr
        && std::find(agents->begin(), agents->end(), turn.answer.agent) == agents->end())
      continue;
    for (const auto& message : {turn.question, turn.answer})
      found->items.push_back({found->items.size() + 1, turn.turn_id, message.role, message.text,
                              message.agent, message.at, message.skus});
  }
  return found;
}

result<bool> memory_store::remove(const std::string& tenant, const std::string& id) {
  const std::lock_guard lock{mutex_};
  return std::erase_if(turns_,
                       [&](const stored_turn& turn) {
                         return turn.tenant == tenant && turn.conversation_id == id;
                       })
         > 0;
}

result<conversation_archive::sweep> memory_store::remove_silent(wall_time before, std::uint64_t,
                                                                std::uint32_t) {
  if (on_sweep)
    on_sweep();
  const std::lock_guard lock{mutex_};
  const auto gone =
    std::erase_if(turns_, [&](const stored_turn& turn) { return turn.answer.at < before; });
  return sweep{gone, 0};
}

std::vector<stored_turn> memory_store::turns() const {
  const std::lock_guard lock{mutex_};
  return turns_;
}

std::size_t memory_store::reads() const {
  const std::lock_guard lock{mutex_};
  return batches_.size();
}

std::size_t memory_store::commits() const {
  const std::lock_guard lock{mutex_};
  return commits_;
}

std::vector<read_batch> memory_store::batches() const {
  const std::lock_guard lock{mutex_};
  return batches_;
}

void memory_store::keep_spending_locked() {
  if (!source_)
    return;
  const auto rows = source_->take_unsaved();
  spending_.insert(spending_.end(), rows.begin(), rows.end());
}

result<void> memory_store::keep() {
  const std::lock_guard lock{mutex_};
  if (broken.load())
    return broken_store();
  keep_spending_locked();
  ++keeps_;
  return {};
}

result<std::vector<spending_row>> memory_store::of_day(day_point day) {
  std::vector<spending_row> out;
  for (auto& row : spent())
    if (row.day == day)
      out.push_back(std::move(row));
  return out;
}

std::vector<spending_row> memory_store::spent() const {
  const std::lock_guard lock{mutex_};
  return spending_;
}

} // namespace flipsync::test
