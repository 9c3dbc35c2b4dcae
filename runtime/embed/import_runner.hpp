#pragma once
/// Runs imports that come in through a door: one at a time, on a thread of its own.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

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
  /// Stops what runs, waits for its thread; nothing begins any more.
  void stop();

private:
  class job;

  std::shared_ptr<importer_port> importer_;
  std::mutex mutex_;
  std::shared_ptr<job> running_; ///< the last one, perhaps ended
  std::thread thread_;
  bool stopped_ = false;
};

} // namespace flipsync
