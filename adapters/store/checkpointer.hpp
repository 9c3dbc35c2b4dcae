#pragma once
/// Moves committed pages from the write-ahead log into the database on a thread of its own, since a
/// checkpoint syncs the disk (5 to 15 ms) and the turns that wait for their commit should not.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "adapters/store/sqlite.hpp"

namespace flipsync::sql {

/// Watches one writing connection, which must outlive it. While writers never pause, the log cannot
/// begin anew behind their back: at `hard_limit` pages the writer itself waits for one checkpoint.
/// Who reads an old state of the file all the while (a backup, a shell) prevents it: the writer
/// waits no longer than `patience`, the log grows, and it tries again after `next_try` pages.
class checkpointer {
public:
  static constexpr int soft_limit = 1000;  ///< pages added until the thread is woken
  static constexpr int hard_limit = 16384; ///< pages of the log, 64 MiB
  /// More pages than a commit of one turn adds, its message at the longest that the doors let in.
  static constexpr int margin = 1024;
  static constexpr std::chrono::milliseconds patience{100};
  static constexpr int next_try = 4096; ///< 16 MiB

  /// Throws sql::failure if the file cannot be opened a second time.
  checkpointer(const std::filesystem::path& file, const open_settings& settings,
               connection& writer);
  ~checkpointer();
  checkpointer(const checkpointer&) = delete;
  checkpointer& operator=(const checkpointer&) = delete;

  /// Whether the writer's next commit may have to wait for the disk: while a checkpoint syncs it,
  /// or where the log is so long that the writer makes one itself. On the writer's thread.
  [[nodiscard]] bool disk_is_near() const noexcept;
  /// Checkpoints made by the thread. Thread-safe.
  [[nodiscard]] std::uint64_t made() const noexcept { return made_.load(); }

private:
  static int committed(void* self, sqlite3* db, const char* schema, int pages);
  void begin_log_anew(sqlite3* db, const char* schema);
  void run();

  connection own_;
  connection& writer_;
  std::chrono::milliseconds busy_timeout_; ///< of the writer
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool ended_ = false;
  int next_at_ = soft_limit; ///< only the writer's thread
  int wait_at_ = hard_limit; ///< pages of the log; only the writer's thread
  int pages_ = 0;            ///< the log after the last commit; only the writer's thread
  std::atomic<bool> at_work_ = false;
  std::atomic<std::uint64_t> made_ = 0;
  std::thread thread_;
};

} // namespace flipsync::sql
