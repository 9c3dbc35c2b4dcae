#pragma once
/// Hot catalogue reads, kept in process and keyed by the catalogue's version, so that a turn about
/// the same product does not wake the store's thread.

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "runtime/core/ports/clock.hpp"
#include "runtime/core/ports/store.hpp"
#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync {

/// The canonical text of a query: equal exactly if the queries are equal.
std::string key_of(const store_query& query);

/// Thread-safe LRU, bounded in bytes (estimated), with a lifetime. An import empties it by raising
/// the catalogue's version.
class read_cache {
public:
  read_cache(std::size_t max_bytes, std::chrono::milliseconds ttl,
             std::shared_ptr<clock_port> clock)
    : max_bytes_{max_bytes},
      ttl_{ttl},
      clock_{std::move(clock)} {}

  [[nodiscard]] std::shared_ptr<const store_rows> get(audience who, const store_query& query,
                                                      std::uint64_t catalogue_version);
  /// Rows read at an older version than the cache has seen are not kept.
  void put(audience who, const store_query& query, std::uint64_t catalogue_version,
           std::shared_ptr<const store_rows> rows);
  [[nodiscard]] std::size_t bytes() const;
  /// As of now.
  [[nodiscard]] cache_view show() const;
  /// Forgets everything; returns how many entries that were.
  std::size_t clear();

private:
  struct entry {
    std::string key;
    std::shared_ptr<const store_rows> rows;
    std::size_t bytes = 0;
    mono_time expires{};
  };
  void enter_version_locked(std::uint64_t version);
  void evict_locked();

  std::size_t max_bytes_;
  std::chrono::milliseconds ttl_;
  std::shared_ptr<clock_port> clock_;
  mutable std::mutex mutex_;
  std::list<entry> recent_; ///< most recently used first
  std::unordered_map<std::string, std::list<entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::uint64_t version_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
};

} // namespace flipsync
