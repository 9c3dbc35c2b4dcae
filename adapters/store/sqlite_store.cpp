#include "adapters/store/sqlite_store.hpp"

#include <sys/stat.h>

#include "adapters/store/conversations.hpp"
#include "adapters/store/schema.hpp"
#include "adapters/store/spending.hpp"
#include "adapters/store/store_state.hpp"

namespace flipsync {

namespace {

std::uint64_t count_rows(sql::connection& db, const std::string& table, tenant_id tenant) {
  sql::query q{db, "SELECT count(*) FROM " + table + " WHERE tenant = ?"};
  q.bind(tenant);
  return q.step() ? static_cast<std::uint64_t>(q.integer(0)) : 0;
}

/// Work on the conversations' file, which other threads append to.
template <class F>
auto on_conversations(sqlite_store::state& s, std::string_view what, F&& work) {
  const std::lock_guard lock{s.conversations_used};
  return sql::guarded(what, std::forward<F>(work));
}

/// What a source of spending had, until it is kept; goes back to it otherwise.
class taken_spending {
public:
  explicit taken_spending(spending_source* from) : from_{from} {
    if (from_ != nullptr)
      rows_ = from_->take_unsaved();
  }
  ~taken_spending() {
    if (from_ != nullptr && !kept_)
      from_->give_back(rows_);
  }
  taken_spending(const taken_spending&) = delete;
  taken_spending& operator=(const taken_spending&) = delete;

  [[nodiscard]] const std::vector<spending_row>& rows() const noexcept { return rows_; }
  void kept() noexcept { kept_ = true; }

private:
  spending_source* from_;
  std::vector<spending_row> rows_;
  bool kept_ = false;
};

/// The turns and what was spent so far, in one transaction. It is taken while the file is held:
/// what another thread took and gave back is never missed.
void commit(sqlite_store::state& s, const std::vector<std::shared_ptr<const stored_turn>>& turns) {
  taken_spending spent{s.spending.get()};
  if (turns.empty() && spent.rows().empty())
    return;
  sql::transaction tx{s.conversations, sql::transaction_kind::write};
  conversations::append(s.conversations, turns);
  spending::add(s.conversations, spent.rows());
  tx.commit();
  spent.kept();
}

/// A data folder that was restored from a copy has an older version than processes may have seen:
/// the number in the database never falls behind the mirror.
void level_versions(sqlite_store::state& s) {
  sql::transaction tx{s.catalogue.file(), sql::transaction_kind::write};
  const auto stored = s.catalogue.stored_version();
  const auto seen = s.version.load();
  if (seen > stored) {
    sql::query q{s.catalogue.file(), "UPDATE meta SET value = ? WHERE name = 'catalogue_version'"};
    q.bind(static_cast<std::int64_t>(seen));
    q.run();
  }
  tx.commit();
}

sql::open_settings conversation_settings(const store_options& options) {
  return {options.synchronous_full, options.busy_timeout, false};
}

} // namespace

// --- state --------------------------------------------------------------------------------------

sqlite_store::state::state(store_options opts)
  : options{std::move(opts)},
    version{options.data_dir / "catalogue.version"},
    catalogue{options, version},
    conversations{options.data_dir / "conversations.db", conversation_settings(options)} {}

// --- store --------------------------------------------------------------------------------------

sqlite_store::sqlite_store(std::unique_ptr<state> s) : state_{std::move(s)} {}

sqlite_store::~sqlite_store() = default;

result<std::shared_ptr<sqlite_store>> open_store(store_options options) {
  const auto what = "cannot open the store in " + options.data_dir.string();
  return sql::guarded(what, [&]() -> result<std::shared_ptr<sqlite_store>> {
    if (std::filesystem::create_directories(options.data_dir))
      ::chmod(options.data_dir.c_str(), S_IRWXU);
    auto s = std::make_unique<sqlite_store::state>(std::move(options));
    if (auto done = migrate(s->catalogue.file(), sql::catalogue_migrations(), "catalogue.db");
        !done)
      return done.error();
    if (auto done = migrate(s->conversations, sql::conversation_migrations(), "conversations.db");
        !done)
      return done.error();
    if (s->version.load() > s->catalogue.stored_version())
      level_versions(*s);
    s->version.raise_to(s->catalogue.stored_version());
    const auto& opts = s->options;
    s->surveys = std::make_unique<catalogue_view>(opts, s->version);
    s->checkpoints = std::make_unique<sql::checkpointer>(
      opts.data_dir / "conversations.db", conversation_settings(opts), s->conversations);
    return std::shared_ptr<sqlite_store>{new sqlite_store{std::move(s)}};
  });
}

result<read_result> sqlite_store::read(const read_batch& batch) {
  return state_->catalogue.read(batch);
}

result<read_result> sqlite_store::survey(const read_batch& batch) {
  return state_->surveys->read(batch);
}

result<std::shared_ptr<const vocabulary>> sqlite_store::load_vocabulary() {
  return state_->surveys->load_vocabulary();
}

result<void> sqlite_store::append(const std::vector<std::shared_ptr<const stored_turn>>& turns) {
  return on_conversations(*state_, "cannot store the turn", [&]() -> result<void> {
    commit(*state_, turns);
    return {};
  });
}

bool sqlite_store::append_now(const std::shared_ptr<const stored_turn>& turn) noexcept {
  auto& s = *state_;
  const std::unique_lock lock{s.conversations_used, std::try_to_lock};
  if (!lock || s.options.synchronous_full || s.checkpoints->disk_is_near())
    return false;
  s.conversations.wait_for_others(std::chrono::milliseconds{0});
  bool kept = false;
  try {
    commit(s, {turn});
    kept = true;
  } catch (...) { // `append` will meet the same, and tell
  }
  s.conversations.wait_for_others(s.options.busy_timeout);
  return kept;
}

result<conversation_history> sqlite_store::history(const std::string& tenant,
                                                   const std::string& conversation_id,
                                                   std::uint32_t limit) {
  return on_conversations(
    *state_, "cannot read the conversation", [&]() -> result<conversation_history> {
      return conversations::history(state_->conversations, tenant, conversation_id, limit);
    });
}

std::uint64_t sqlite_store::catalogue_version() const noexcept { return state_->version.load(); }

result<store_counts> sqlite_store::counts(const std::string& tenant) {
  return on_conversations(*state_, "cannot count the store", [&]() -> result<store_counts> {
    store_counts out;
    sql::query q{state_->conversations, "SELECT count(*) FROM conversations WHERE tenant = ?"};
    q.bind(std::string_view{tenant});
    if (q.step())
      out.conversations = static_cast<std::uint64_t>(q.integer(0));
    const auto id = state_->catalogue.find_tenant(state_->options.tenant).value_or(0);
    auto& catalogue = state_->catalogue.file();
    out.products = count_rows(catalogue, "products", id);
    out.rival_prices = count_rows(catalogue, "rival_prices", id);
    out.orders = count_rows(catalogue, "orders", id);
    out.rates = count_rows(catalogue, "rates", id);
    return out;
  });
}

result<conversation_page> sqlite_store::conversations(const std::string& tenant,
                                                      std::uint64_t before, std::uint32_t limit) {
  return on_conversations(
    *state_, "cannot list the conversations", [&]() -> result<conversation_page> {
      return conversations::list(state_->conversations, tenant, before, limit);
    });
}

result<std::optional<message_page>> sqlite_store::messages(const std::string& tenant,
                                                           const std::string& id,
                                                           std::uint64_t after, std::uint32_t limit,
                                                           const std::vector<std::string>* agents) {
  return on_conversations(
    *state_, "cannot read the conversation", [&]() -> result<std::optional<message_page>> {
      return conversations::page(state_->conversations, tenant, id, after, limit, agents);
    });
}

result<void> sqlite_store::begin(const std::string& tenant, const conversation_summary& fresh) {
  return on_conversations(*state_, "cannot store the conversation", [&]() -> result<void> {
    conversations::begin(state_->conversations, tenant, fresh);
    return {};
  });
}

result<bool> sqlite_store::remove(const std::string& tenant, const std::string& id) {
  return on_conversations(*state_, "cannot delete the conversation", [&]() -> result<bool> {
    return conversations::remove(state_->conversations, tenant, id);
  });
}

result<conversation_archive::sweep>
sqlite_store::remove_silent(wall_time before, std::uint64_t from, std::uint32_t limit) {
  return on_conversations(*state_, "cannot delete old conversations", [&]() -> result<sweep> {
    return conversations::remove_silent(state_->conversations, before, from, limit);
  });
}

void sqlite_store::follow(std::shared_ptr<spending_source> from) {
  const std::lock_guard lock{state_->conversations_used};
  state_->spending = std::move(from);
}

result<void> sqlite_store::keep() {
  return on_conversations(*state_, "cannot store what model calls cost", [&]() -> result<void> {
    commit(*state_, {});
    return {};
  });
}

result<std::vector<spending_row>> sqlite_store::of_day(day_point day) {
  return on_conversations(*state_, "cannot read what model calls cost",
                          [&]() -> result<std::vector<spending_row>> {
                            return spending::of_day(state_->conversations, day);
                          });
}

} // namespace flipsync
