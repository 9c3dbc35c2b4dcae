#pragma once
/// One connection to a Redis, used by one thread that may wait.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cache/redis_address.hpp"

struct redisContext;

namespace flipsync {

/// Connects when it is first used, and again after a fault. From one thread, except `interrupt`.
class redis_connection {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit redis_connection(redis_address address) : address_{std::move(address)} {}
  ~redis_connection();
  redis_connection(const redis_connection&) = delete;
  redis_connection& operator=(const redis_connection&) = delete;

  struct answer {
    bool there = false;             ///< false: nil
    std::string text;               ///< of a string or a status
    std::int64_t number = 0;        ///< of an integer
    std::vector<std::string> texts; ///< of an array, nested ones in line
  };
  /// Sends a command and waits for its answer, until `until` at most. Nothing where that failed;
  /// the connection is closed then.
  std::optional<answer> ask(const std::vector<std::string>& command, time_point until);
  /// Ends a wait from another thread.
  void interrupt();

private:
  struct closes {
    void operator()(redisContext* context) const;
  };
  bool connect(time_point until);
  std::optional<answer> exchange(const std::vector<std::string>& command, time_point until);

  redis_address address_;
  std::mutex mutex_; ///< guards the pointer, not what it points to
  std::unique_ptr<redisContext, closes> context_;
  bool interrupted_ = false;
};

} // namespace flipsync
