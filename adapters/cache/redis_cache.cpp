#include "adapters/cache/redis_cache.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "adapters/cache/redis_connection.hpp"
#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

using steady = std::chrono::steady_clock;

/// A command on its way. `run` is told the connection, or null where it is not to be begun; false
/// where Redis failed.
struct job {
  steady::time_point until;
  std::function<bool(redis_connection*, steady::time_point)> run;
  bool probe = false;        ///< asks only whether Redis is back; nobody waits for it
  bool alone_before = false; ///< begins only once all that began before has ended
};

class redis_cache final : public second_cache {
public:
  explicit redis_cache(redis_settings settings) : settings_{std::move(settings)} {}
  ~redis_cache() override {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
      for (const auto& connection : connections_)
        connection->interrupt();
    }
    wake_.notify_all();
    for (auto& thread : threads_)
      thread.join();
    for (auto& left : waiting_)
      left.run(nullptr, {});
  }
  redis_cache(const redis_cache&) = delete;
  redis_cache& operator=(const redis_cache&) = delete;

  void find(std::string name, std::function<void(std::optional<std::string>)> done) override {
    enqueue({steady::now() + settings_.timeout,
             [name = std::move(name), done = std::move(done)](redis_connection* at, auto until) {
               auto got = at == nullptr ? std::nullopt : at->ask({"GET", name}, until);
               const bool well = got.has_value();
               done(got && got->there ? std::optional{std::move(got->text)} : std::nullopt);
               return well;
             }});
  }

  void keep(std::string name, std::string bytes, std::chrono::milliseconds lifetime) override {
    const auto time = std::max<std::int64_t>(lifetime.count(), 1);
    enqueue(
      {steady::now() + settings_.timeout,
       [name = std::move(name), bytes = std::move(bytes), time](redis_connection* at, auto until) {
         return at != nullptr
                && at->ask({"SET", name, bytes, "PX", std::to_string(time)}, until).has_value();
       }});
  }

  void clear(std::string pattern, std::function<void(std::optional<std::uint64_t>)> done) override {
    enqueue(
      {steady::now() + settings_.clear_timeout,
       [pattern = std::move(pattern), done = std::move(done)](redis_connection* at, auto until) {
         const auto gone = at == nullptr ? std::nullopt : sweep(*at, pattern, until);
         done(gone);
         return gone.has_value();
       },
       false, true}); // what is still being written would come after it
  }

  [[nodiscard]] second_cache_view show() const override {
    const std::lock_guard lock{mutex_};
    return {up_, failures_, dropped_};
  }

private:
  /// Deletes page by page what matches.
  static std::optional<std::uint64_t> sweep(redis_connection& at, const std::string& pattern,
                                            steady::time_point until) {
    std::uint64_t gone = 0;
    std::string cursor = "0";
    do {
      auto page = at.ask({"SCAN", cursor, "MATCH", pattern, "COUNT", "500"}, until);
      if (!page || page->texts.empty() || steady::now() >= until)
        return std::nullopt;
      cursor = page->texts.front();
      if (page->texts.size() == 1)
        continue;
      page->texts.front() = "UNLINK";
      const auto removed = at.ask(page->texts, until);
      if (!removed)
        return std::nullopt;
      gone += static_cast<std::uint64_t>(removed->number);
    } while (cursor != "0");
    return gone;
  }

  void enqueue(job next) {
    {
      const std::lock_guard lock{mutex_};
      if (up_ && !stopped_ && waiting_.size() < settings_.max_waiting)
        return push_locked(std::move(next));
      ++dropped_;
      if (!up_ && !stopped_ && steady::now() >= probe_at_)
        probe_locked();
    }
    next.run(nullptr, {});
  }

  void push_locked(job next) {
    waiting_.push_back(std::move(next));
    // A thread more where all are at work.
    if (idle_ < waiting_.size() && threads_.size() < settings_.connections)
      begin_thread_locked();
    wake_.notify_one();
  }

  void probe_locked() {
    probe_at_ = steady::time_point::max(); // until it has ended
    push_locked({steady::now() + settings_.timeout,
                 [](redis_connection* at, auto until) {
                   return at != nullptr && at->ask({"PING"}, until).has_value();
                 },
                 true});
  }

  void begin_thread_locked() {
    connections_.push_back(std::make_unique<redis_connection>(settings_.address));
    threads_.emplace_back([this, &connection = *connections_.back()] { work(connection); });
  }

  void work(redis_connection& connection) {
    std::unique_lock lock{mutex_};
    while (!stopped_) {
      if (waiting_.empty() || held_) {
        ++idle_;
        wake_.wait(lock);
        --idle_;
        continue;
      }
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      if (next.alone_before)
        let_others_end(lock);
      const auto now = steady::now();
      const bool begin = now < next.until && (up_ || next.probe);
      dropped_ += begin ? 0 : 1;
      ++running_;
      lock.unlock();
      const bool well = next.run(begin ? &connection : nullptr, next.until);
      lock.lock();
      --running_;
      if (held_)
        wake_.notify_all();
      if (begin || next.probe)
        note_locked(well);
    }
  }

  /// Nothing further begins until all that has begun has ended, each within its own time.
  void let_others_end(std::unique_lock<std::mutex>& lock) {
    held_ = true;
    wake_.wait(lock, [this] { return running_ == 0 || stopped_; });
    held_ = false;
    wake_.notify_all();
  }

  void note_locked(bool well) {
    if (well) {
      pause_ = {};
      if (!std::exchange(up_, true))
        log::info("second_cache_back");
      return;
    }
    if (stopped_)
      return;
    ++failures_;
    if (std::exchange(up_, false))
      log::warn("second_cache_away");
    pause_ =
      pause_.count() == 0 ? settings_.retry_after : std::min(pause_ * 2, settings_.max_retry_after);
    probe_at_ = steady::now() + pause_;
  }

  const redis_settings settings_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<job> waiting_;
  std::vector<std::unique_ptr<redis_connection>> connections_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  std::size_t running_ = 0; ///< commands that have begun and not ended
  bool held_ = false;       ///< somebody waits for them to end
  bool stopped_ = false;
  bool up_ = true;
  steady::time_point probe_at_{};      ///< while it is away: when it is tried again
  std::chrono::milliseconds pause_{0}; ///< of the last fault; 0: all is well
  std::uint64_t failures_ = 0;
  std::uint64_t dropped_ = 0;
};

} // namespace

std::unique_ptr<second_cache> make_redis_cache(redis_settings settings) {
  return std::make_unique<redis_cache>(std::move(settings));
}

} // namespace flipsync
