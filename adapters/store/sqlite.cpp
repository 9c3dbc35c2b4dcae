#include "adapters/store/sqlite.hpp"

#include <sqlite3.h>

#include <thread>

namespace flipsync::sql {

namespace {

/// More shapes of statement than this are not kept; the cache starts over.
constexpr std::size_t max_cached_statements = 256;

[[noreturn]] void fail(sqlite3* db, int code) {
  throw failure{code, db ? sqlite3_errmsg(db) : sqlite3_errstr(code)};
}

/// SQLite counts its memory under one lock for all connections, and nobody reads the count. Where
/// the program has used SQLite before, it stays as it is.
void set_up_once() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

} // namespace

// --- connection ---------------------------------------------------------------------------------

connection::connection(const std::filesystem::path& file, const open_settings& settings) {
  set_up_once();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string why = db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    close();
    throw failure{code, why};
  }
  try {
    sqlite3_extended_result_codes(db_, 1);
    wait_for_others(settings.busy_timeout);
    enter_wal(settings.busy_timeout);
    execute(settings.synchronous_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    execute("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=16777216");
    execute(settings.mapped ? "PRAGMA mmap_size=268435456" : "PRAGMA mmap_size=0");
  } catch (...) {
    close();
    throw;
  }
}

connection::~connection() { close(); }

void connection::close() noexcept {
  statements_.clear();
  if (db_)
    sqlite3_close_v2(db_);
  db_ = nullptr;
}

void connection::closer::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

// The switch to WAL wants the file alone, and SQLite does not wait for that by itself: two
// processes that create one database at once meet here.
void connection::enter_wal(std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const int code = sqlite3_exec(db_, "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
      return;
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= give_up)
      fail(db_, code);
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

void connection::wait_for_others(std::chrono::milliseconds most) noexcept {
  sqlite3_busy_timeout(db_, static_cast<int>(most.count()));
}

void connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    fail(db_, code);
}

std::int64_t connection::user_version() {
  query q{*this, "PRAGMA user_version"};
  return q.step() ? q.integer(0) : 0;
}

std::int64_t connection::changes() const noexcept { return sqlite3_changes(db_); }

std::int64_t connection::last_rowid() const noexcept { return sqlite3_last_insert_rowid(db_); }

bool connection::in_transaction() const noexcept { return db_ && !sqlite3_get_autocommit(db_); }

sqlite3_stmt* connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK)
    fail(db_, code);
  return statement;
}

connection::cached_statement& connection::cached(std::string_view sql) {
  if (auto found = statements_.find(sql); found != statements_.end())
    return found->second;
  if (statements_.size() >= max_cached_statements && lent_ == 0)
    statements_.clear();
  cached_statement entry;
  entry.statement.reset(prepare(sql));
  return statements_.emplace(std::string{sql}, std::move(entry)).first->second;
}

// --- query --------------------------------------------------------------------------------------

query::query(connection& db, std::string_view sql) : db_{db} {
  auto& entry = db.cached(sql);
  if (entry.in_use) {
    statement_ = db.prepare(sql);
    return;
  }
  statement_ = entry.statement.get();
  in_use_ = &entry.in_use;
  *in_use_ = true;
  ++db.lent_;
}

query::~query() {
  if (in_use_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
  --db_.lent_;
}

void query::check(int code) const {
  if (code != SQLITE_OK)
    fail(db_.db_, code);
}

query& query::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

query& query::bind(double value) {
  check(sqlite3_bind_double(statement_, ++bound_, value));
  return *this;
}

query& query::bind(std::string_view text) {
  // A null pointer would bind NULL; an empty view may have one.
  const char* data = text.data() ? text.data() : "";
  check(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

query& query::bind(std::nullptr_t) {
  check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

bool query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    fail(db_.db_, code);
  return false;
}

void query::reset() {
  sqlite3_reset(statement_);
  bound_ = 0;
}

bool query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view query::view(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!data)
    return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> query::maybe_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional{integer(column)};
}

std::optional<double> query::maybe_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional{real(column)};
}

// --- transaction --------------------------------------------------------------------------------

transaction::transaction(connection& db, transaction_kind kind) : db_{db} {
  query{db, kind == transaction_kind::write ? "BEGIN IMMEDIATE" : "BEGIN"}.run();
}

transaction::~transaction() {
  // A disk that is full may have rolled back already.
  if (open_ && db_.in_transaction())
    sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void transaction::commit() {
  query{db_, "COMMIT"}.run();
  open_ = false;
}

error to_error(const failure& why, std::string_view what) {
  error out{errc::store_failed, std::string{what} + ": " + why.what()};
  out.with("sqlite_code", std::to_string(why.code()));
  return out;
}

} // namespace flipsync::sql
