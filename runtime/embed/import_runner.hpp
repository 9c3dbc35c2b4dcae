#pragma once
/// Runs imports that come in through a door: one at a time, on a thread of its own.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/core/back_office.hpp"

namespace flipsync {

/// Thread-safe. A file is written as it comes, unnamed, and imported once it is whole.
class import_runner {
public:
  using callback = back_office::callback<import_outcome>;

  explicit import_runner(std::shared_ptr<importer_port> importer);
  ~import_runner();
  import_runner(const import_runner&) = delete;
  import_runner& operator=(const import_runner&) = delete;

  /// Errors: invalid_request, overloaded (another import runs), store_failed, shutting_down.
  result<std::shared_ptr<upload>> begin(import_request wanted, std::function<void()> room,
                                        callback done);
  /// Stops what runs and waits for its thread, unless that is the calling one; nothing begins any
  /// more.
  void stop();

private:
  class job;
  /// A job's thread, which is there until the job's `done` has returned.
  struct worker {
    std::shared_ptr<job> work;
    std::thread thread;
  };

  void join_finished_locked();

  std::shared_ptr<importer_port> importer_;
  std::mutex mutex_;
  std::vector<worker> workers_; ///< at most one of them imports, the last
  bool stopped_ = false;
};

} // namespace flipsync
