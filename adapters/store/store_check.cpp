#include "adapters/store/store_check.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <span>
#include <sstream>

#include "adapters/store/schema.hpp"

namespace flipsync {

namespace {

struct close_database {
  void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using database = std::unique_ptr<sqlite3, close_database>;

struct finalize_statement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

error wrong(const std::filesystem::path& file, const std::string& why) {
  return error{errc::store_failed, file.filename().string() + ": " + why};
}

/// The first row's first column, as text.
result<std::string> ask(sqlite3* db, const std::filesystem::path& file, const char* sql) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(db, sql, -1, &prepared, nullptr) != SQLITE_OK)
    return wrong(file, sqlite3_errmsg(db));
  const std::unique_ptr<sqlite3_stmt, finalize_statement> statement{prepared};
  if (sqlite3_step(prepared) != SQLITE_ROW)
    return wrong(file, sqlite3_errmsg(db));
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
  return std::string{text != nullptr ? text : ""};
}

result<database> open_to_read(const std::filesystem::path& file) {
  sqlite3* opened = nullptr;
  const int code =
    sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  database db{opened};
  if (code != SQLITE_OK)
    return wrong(file, sqlite3_errstr(code));
  sqlite3_busy_timeout(opened, 2000);
  return db;
}

/// The open database, found sound.
result<database> check_database(const std::filesystem::path& file, std::size_t newest) {
  auto db = open_to_read(file);
  if (!db)
    return db.error();
  const auto sound = ask(db->get(), file, "PRAGMA quick_check(1)");
  if (!sound)
    return sound.error();
  if (*sound != "ok")
    return wrong(file, "the database is damaged: " + *sound);
  const auto version = ask(db->get(), file, "PRAGMA user_version");
  if (!version)
    return version.error();
  if (std::stoll("0" + *version) > static_cast<long long>(newest))
    return error{errc::conflict, file.filename().string() + " was made by a newer FlipSync"};
  return db;
}

void note_time(store_findings& found, const std::filesystem::path& file) {
  std::error_code ignored;
  const auto written = std::filesystem::last_write_time(file, ignored);
  if (!ignored && (!found.written || *found.written < written))
    found.written = written;
}

} // namespace

result<store_findings> check_store(const std::filesystem::path& folder) {
  store_findings found;
  std::error_code ignored;
  const auto catalogue = folder / "catalogue.db";
  const auto conversations = folder / "conversations.db";
  if (std::filesystem::exists(catalogue, ignored)) {
    note_time(found, catalogue);
    const auto db = check_database(catalogue, sql::catalogue_migrations().size());
    if (!db)
      return db.error();
    const auto count = ask(db->get(), catalogue, "SELECT count(*) FROM products");
    if (!count)
      return count.error();
    found.there = true;
    found.products = std::stoull("0" + *count);
  }
  if (std::filesystem::exists(conversations, ignored)) {
    note_time(found, conversations);
    const auto db = check_database(conversations, sql::conversation_migrations().size());
    if (!db)
      return db.error();
  }
  return found;
}

std::optional<std::string> service_of(const std::filesystem::path& folder) {
  const auto file = folder / "service.lock";
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0)
    return std::nullopt;
  // Trying the lock would be in the way of a service that starts just now. A line reads
  // "1: FLOCK  ADVISORY  WRITE 4711 fd:01:1234 0 EOF".
  const auto inode = ":" + std::to_string(state.st_ino);
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words{line};
    std::string number, kind, mode, access, pid, place;
    words >> number >> kind >> mode >> access >> pid >> place;
    if (kind == "FLOCK" && place.ends_with(inode)) {
      std::string holder;
      std::ifstream{file} >> holder;
      return holder;
    }
  }
  return std::nullopt;
}

} // namespace flipsync
