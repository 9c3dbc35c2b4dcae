#pragma once
/// A thin layer over SQLite's C API: connections, cached statements, transactions. Failures are
/// thrown as `sql::failure` inside this folder and turned into `error` by `sql::guarded` at its
/// edge.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace flipsync::sql {

/// SQLite refused; `code` is its extended result code.
class failure : public std::runtime_error {
public:
  failure(int code, const std::string& what) : std::runtime_error{what}, code_{code} {}
  [[nodiscard]] int code() const noexcept { return code_; }

private:
  int code_;
};

class connection;

/// One run of a statement. It borrows a prepared statement from the connection's cache and hands it
/// back, reset, when it ends. Columns count from 0, parameters in the order of the bind calls.
class query {
public:
  query(connection& db, std::string_view sql);
  ~query();
  query(const query&) = delete;
  query& operator=(const query&) = delete;

  query& bind(std::int64_t value);
  query& bind(double value);
  /// The text is not copied: it must live until the query ends.
  query& bind(std::string_view text);
  query& bind(std::nullptr_t);
  query& bind(money value) { return bind(value.cents); }
  query& bind(wall_time value) { return bind(std::int64_t{value.time_since_epoch().count()}); }
  template <class T>
  query& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind(nullptr);
  }
  template <class... Ts>
  query& bind_all(const Ts&... values) {
    (bind(values), ...);
    return *this;
  }

  /// The next row; false after the last.
  bool step();
  /// For statements without rows.
  void run() {
    while (step()) {
    }
  }
  /// Ready for another round of binds.
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string{view(column)}; }
  [[nodiscard]] money cents(int column) const { return {integer(column)}; }
  [[nodiscard]] wall_time time(int column) const {
    return wall_time{std::chrono::milliseconds{integer(column)}};
  }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  [[nodiscard]] std::optional<double> maybe_real(int column) const;

private:
  void check(int code) const;
  connection& db_;
  sqlite3_stmt* statement_ = nullptr;
  bool* in_use_ = nullptr; ///< the cached statement's mark; null for one of our own
  int bound_ = 0;
};

struct open_settings {
  bool synchronous_full = false;
  std::chrono::milliseconds busy_timeout{10000};
  /// Whether pages are read through a map of the file. For a file that is written all the time that
  /// is dearer: its pages are in the log, which is then searched for each page, kept ones too.
  bool mapped = true;
};

/// One database file, in WAL mode with foreign keys on. One thread at a time.
class connection {
public:
  connection() = default;
  connection(const std::filesystem::path& file, const open_settings& settings);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  /// How long a statement waits for another connection's transaction before it fails.
  void wait_for_others(std::chrono::milliseconds most) noexcept;
  /// Runs statements without parameters or rows.
  void execute(const std::string& sql);
  [[nodiscard]] std::int64_t user_version();
  /// Rows that the last insert, update or delete changed.
  [[nodiscard]] std::int64_t changes() const noexcept;
  /// The rowid that the last insert gave.
  [[nodiscard]] std::int64_t last_rowid() const noexcept;
  [[nodiscard]] bool in_transaction() const noexcept;
  [[nodiscard]] sqlite3* handle() const noexcept { return db_; }

private:
  friend class query;
  struct closer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  struct cached_statement {
    std::unique_ptr<sqlite3_stmt, closer> statement;
    bool in_use = false;
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  sqlite3_stmt* prepare(std::string_view sql);
  cached_statement& cached(std::string_view sql);
  void enter_wal(std::chrono::milliseconds patience);
  void close() noexcept;

  sqlite3* db_ = nullptr;
  std::unordered_map<std::string, cached_statement, text_hash, std::equal_to<>> statements_;
  std::size_t lent_ = 0; ///< cached statements in use
};

enum class transaction_kind : std::uint8_t { read, write };

/// Rolls back unless committed.
class transaction {
public:
  transaction(connection& db, transaction_kind kind);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

private:
  connection& db_;
  bool open_ = true;
};

/// The failure as store_failed: what was tried, and SQLite's words.
error to_error(const failure& why, std::string_view what);

/// Runs `work` and turns what it throws into an error.
template <class F>
auto guarded(std::string_view what, F&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const failure& why) {
    return to_error(why, what);
  } catch (const std::exception& why) {
    return error{errc::store_failed, std::string{what} + ": " + why.what()};
  }
}

} // namespace flipsync::sql
