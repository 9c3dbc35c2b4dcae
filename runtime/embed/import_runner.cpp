#include "runtime/embed/import_runner.hpp"

#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <system_error>
#include <utility>

namespace flipsync {

namespace {

/// Bytes that may wait to be written; a sender that is quicker is held back.
constexpr std::size_t max_waiting = 256 * 1024;

result<void> write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return error{errc::store_failed,
                   std::string{"the file cannot be kept: "} + std::strerror(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

} // namespace

/// One import. The door adds bytes, the job's thread writes them and imports.
class import_runner::job final : public upload {
public:
  job(std::shared_ptr<importer_port> importer, import_request wanted, std::function<void()> room,
      callback done)
    : importer_{std::move(importer)},
      wanted_{std::move(wanted)},
      room_{std::move(room)},
      done_{std::move(done)} {}

  bool add(std::string_view bytes) override {
    const std::lock_guard lock{mutex_};
    if (!broken_)
      waiting_.append(bytes);
    changed_.notify_one();
    held_back_ = !broken_ && waiting_.size() >= max_waiting;
    return !held_back_;
  }
  void finish() override {
    const std::lock_guard lock{mutex_};
    whole_ = true;
    changed_.notify_one();
  }
  void abandon() override { give_up(true); }
  /// `quietly`: nobody is told.
  void give_up(bool quietly) {
    std::function<void()> room; // both destroyed after the lock is released
    callback done;
    std::unique_lock lock{mutex_};
    given_up_ = true;
    changed_.notify_one();
    if (!quietly)
      return;
    room.swap(room_);
    done.swap(done_);
    told_.wait(lock, [this] { return !calling_ || caller_ == std::this_thread::get_id(); });
  }
  /// Another import may begin.
  [[nodiscard]] bool ended() const noexcept { return ended_.load(); }
  /// Its thread is about to end, with nothing of anybody's to be called any more.
  [[nodiscard]] bool finished() const noexcept { return finished_.load(); }

  void run() {
    auto outcome = take_in_and_import();
    {
      std::function<void()> room;
      callback done;
      std::unique_lock lock{mutex_};
      room.swap(room_);
      done.swap(done_);
      ended_.store(true);
      if (done)
        call(lock, [&] { done(std::move(outcome)); });
    }
    finished_.store(true);
  }

private:
  /// Calls the sender, without the lock, so that `give_up` can wait for that.
  template <class F>
  void call(std::unique_lock<std::mutex>& lock, const F& told) {
    calling_ = true;
    caller_ = std::this_thread::get_id();
    lock.unlock();
    told();
    lock.lock();
    calling_ = false;
    told_.notify_all();
  }

  result<import_outcome> take_in_and_import() {
    const auto opened = importer_->open_file();
    const int file = opened ? *opened : -1;
    auto taken = opened ? take_in(file) : result<void>{opened.error()};
    auto outcome = taken ? importer_->run(file, wanted_, [this] { return !gave_up(); })
                         : result<import_outcome>{taken.error()};
    if (file >= 0)
      ::close(file);
    return outcome;
  }

  /// Writes until the file is whole. Where that fails the rest is still taken, to be answered then.
  result<void> take_in(int file) {
    result<void> so_far;
    std::string batch;
    for (;;) {
      {
        std::function<void()> room;
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return whole_ || given_up_ || !waiting_.empty(); });
        if (given_up_)
          return error{errc::cancelled, "the import was stopped; nothing was changed"};
        batch.clear();
        batch.swap(waiting_);
        if (batch.empty())
          return so_far;
        if (std::exchange(held_back_, false))
          room = room_;
        if (room)
          call(lock, room);
      }
      if (so_far)
        so_far = write_all(file, batch);
      if (!so_far) {
        const std::lock_guard lock{mutex_};
        broken_ = true;
        waiting_.clear();
      }
    }
  }

  bool gave_up() {
    const std::lock_guard lock{mutex_};
    return given_up_;
  }

  const std::shared_ptr<importer_port> importer_;
  const import_request wanted_;
  std::mutex mutex_;
  std::condition_variable changed_; ///< there is something to do
  std::condition_variable told_;    ///< the sender was called, and that has returned
  bool calling_ = false;
  std::thread::id caller_;
  std::function<void()> room_;
  callback done_;
  std::string waiting_;
  bool held_back_ = false;
  bool broken_ = false; ///< the file cannot be written: what comes is dropped
  bool whole_ = false;
  bool given_up_ = false;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> finished_ = false;
};

import_runner::import_runner(std::shared_ptr<importer_port> importer)
  : importer_{std::move(importer)} {}

import_runner::~import_runner() {
  stop();
  for (auto& left : workers_)
    left.thread.detach(); // this one: it needs only its job any more
}

result<std::shared_ptr<upload>> import_runner::begin(import_request wanted,
                                                     std::function<void()> room, callback done) {
  if (auto checked = importer_->check(wanted); !checked)
    return checked.error();
  const std::lock_guard lock{mutex_};
  if (stopped_)
    return error{errc::shutting_down, "the runtime is shutting down"};
  if (!workers_.empty() && !workers_.back().work->ended())
    return error{errc::overloaded, "another import is running"}.with_retry_after(
      std::chrono::seconds{2});
  join_finished_locked();
  workers_.reserve(workers_.size() + 1); // a thread that runs must find its place
  auto begun =
    std::make_shared<job>(importer_, std::move(wanted), std::move(room), std::move(done));
  try {
    workers_.push_back({begun, std::thread{[begun] { begun->run(); }}});
  } catch (const std::system_error& e) {
    return error{errc::internal, std::string{"no thread for the import: "} + e.what()};
  }
  return std::shared_ptr<upload>{std::move(begun)};
}

/// Waits for no `done`: it may be the caller, or want what the caller holds.
void import_runner::join_finished_locked() {
  std::erase_if(workers_, [](worker& each) {
    if (!each.work->finished())
      return false;
    each.thread.join();
    return true;
  });
}

void import_runner::stop() {
  std::vector<worker> left;
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    left.swap(workers_);
  }
  for (auto& each : left)
    each.work->give_up(false);
  for (auto& each : left) {
    if (each.thread.get_id() != std::this_thread::get_id()) {
      each.thread.join();
      continue;
    }
    const std::lock_guard lock{mutex_};
    workers_.push_back(std::move(each));
  }
}

} // namespace flipsync
