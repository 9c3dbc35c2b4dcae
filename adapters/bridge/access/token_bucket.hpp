#pragma once
/// Who may do something how often: a token bucket for each name, in a bounded table.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flipsync {

/// So many a minute; as many may come at once after a quiet minute. Pure.
class token_bucket {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit token_bucket(time_point now) : at_{now} {}

  /// Takes one; nullopt if there was one, else the time until there will be. `per_minute` at
  /// least 1.
  std::optional<std::chrono::milliseconds> take(std::uint32_t per_minute, time_point now);

private:
  /// Taken and not yet grown again, in thousandths; 0 is a full bucket, so that a limit that is
  /// changed holds from the next call.
  std::int64_t used_ = 0;
  time_point at_;
};

/// A bucket for each name. Thread-safe. The table forgets the name seen longest ago when it is
/// full, so that a flood of names costs a bounded memory.
class token_buckets {
public:
  using time_point = token_bucket::time_point;

  explicit token_buckets(std::size_t most) : most_{most} {}

  /// As token_bucket::take; a `per_minute` of 0 is no limit.
  std::optional<std::chrono::milliseconds> take(std::string_view name, std::uint32_t per_minute,
                                                time_point now);
  [[nodiscard]] std::size_t size() const;

private:
  struct entry {
    std::string name;
    token_bucket bucket;
  };
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::list<entry> entries_; ///< the one seen last is in front
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_name_;
};

} // namespace flipsync
