#include "adapters/store/checkpointer.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace flipsync::sql {

checkpointer::checkpointer(const std::filesystem::path& file, const open_settings& settings,
                           connection& writer)
  : own_{file, settings},
    writer_{writer},
    busy_timeout_{settings.busy_timeout},
    thread_{[this] { run(); }} {
  // Replaces SQLite's own automatic checkpoint, which runs within a commit.
  sqlite3_wal_hook(writer_.handle(), &checkpointer::committed, this);
}

checkpointer::~checkpointer() {
  sqlite3_wal_hook(writer_.handle(), nullptr, nullptr);
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

int checkpointer::committed(void* context, sqlite3* db, const char* schema, int pages) {
  auto& self = *static_cast<checkpointer*>(context);
  self.pages_ = pages;
  if (pages < hard_limit)
    self.wait_at_ = hard_limit;
  if (pages >= self.wait_at_) {
    self.begin_log_anew(db, schema);
    return SQLITE_OK;
  }
  if (pages < self.next_at_ - soft_limit)
    self.next_at_ = soft_limit; // the log has begun anew
  if (pages < self.next_at_)
    return SQLITE_OK;
  self.next_at_ = pages + soft_limit;
  {
    const std::lock_guard lock{self.mutex_};
    self.wanted_ = true;
    self.at_work_ = true;
  }
  self.changed_.notify_one();
  return SQLITE_OK;
}

/// With the next commit, if nobody is in the way.
void checkpointer::begin_log_anew(sqlite3* db, const char* schema) {
  writer_.wait_for_others(std::min(patience, busy_timeout_));
  const int code =
    sqlite3_wal_checkpoint_v2(db, schema, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  writer_.wait_for_others(busy_timeout_);
  if (code != SQLITE_OK)
    wait_at_ = pages_ + next_try;
  next_at_ = soft_limit;
}

bool checkpointer::disk_is_near() const noexcept { return at_work_ || pages_ + margin >= wait_at_; }

void checkpointer::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return wanted_ || ended_; });
    if (!wanted_)
      return;
    wanted_ = false;
    lock.unlock();
    // One that meets a busy database is made up for by the next.
    sqlite3_wal_checkpoint_v2(own_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    made_.fetch_add(1);
    lock.lock();
    at_work_ = wanted_;
  }
}

} // namespace flipsync::sql
