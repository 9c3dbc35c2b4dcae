#pragma once
/// An exchange's observer that a test can wait for.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync::testing {

class recording_observer : public exchange_observer {
public:
  void on_head(const exchange_head& head) override {
    const std::lock_guard lock{mutex_};
    head_ = head;
    ++heads_;
    changed_.notify_all();
  }

  bool on_chunk(std::string_view bytes) override {
    std::function<bool()> asked;
    {
      const std::lock_guard lock{mutex_};
      body_ += bytes;
      ++chunks_;
      asked = at_chunk;
      changed_.notify_all();
    }
    return !asked || asked();
  }

  void on_finished(const result<void>& outcome) override {
    std::function<void()> told;
    {
      const std::lock_guard lock{mutex_};
      outcome_ = outcome;
      ++finishes_;
      thread_ = std::this_thread::get_id();
      told = at_finish;
    }
    if (told)
      told();
    const std::lock_guard lock{mutex_};
    told_ = true;
    changed_.notify_all();
  }

  /// The outcome; fails the test by an errc::internal error if none comes within 10 s.
  result<void> wait() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return told_; }))
      return error{errc::internal, "the observer was never told"};
    return *outcome_;
  }

  bool wait_for_chunks(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return chunks_ >= count; });
  }

  [[nodiscard]] exchange_head head() const {
    const std::lock_guard lock{mutex_};
    return head_;
  }
  [[nodiscard]] std::string body() const {
    const std::lock_guard lock{mutex_};
    return body_;
  }
  [[nodiscard]] int finishes() const {
    const std::lock_guard lock{mutex_};
    return finishes_;
  }
  [[nodiscard]] int chunks() const {
    const std::lock_guard lock{mutex_};
    return chunks_;
  }
  [[nodiscard]] std::thread::id thread() const {
    const std::lock_guard lock{mutex_};
    return thread_;
  }

  /// Called on the client's thread; set before the exchange starts.
  std::function<bool()> at_chunk;
  std::function<void()> at_finish;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  exchange_head head_;
  std::string body_;
  std::optional<result<void>> outcome_;
  std::thread::id thread_;
  int heads_ = 0;
  int chunks_ = 0;
  int finishes_ = 0;
  bool told_ = false;
};

inline exchange_request post_to(std::string url, std::string body = "{}") {
  exchange_request request;
  request.url = std::move(url);
  request.headers = {{"content-type", "application/json"}};
  request.body = std::move(body);
  return request;
}

} // namespace flipsync::testing
