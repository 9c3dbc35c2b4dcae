#pragma once
/// A bounded store of values by digest: sharded, the least recently used go first, each with a
/// lifetime and a label by which groups of them are dropped.

#include <algorithm>
#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "runtime/core/cache/answer_class.hpp"
#include "runtime/core/cache/digest.hpp"
#include "runtime/core/ports/clock.hpp"

namespace flipsync {

/// Whose answer it is, and of which kind.
struct answer_label {
  std::string provider;
  answer_class what = answer_class::chat;
  friend auto operator<=>(const answer_label&, const answer_label&) = default;
};

/// Thread-safe. Bytes are as their owner says, with what the store itself needs on top.
template <class T>
class keyed_store {
public:
  static constexpr std::size_t shards = 16;
  /// What an entry costs beyond its own bytes: nodes of list and table, key, label.
  static constexpr std::size_t overhead = 256;

  explicit keyed_store(std::size_t max_bytes) : max_bytes_{max_bytes} {}

  struct found_entry {
    std::shared_ptr<const T> value; ///< null: not there, or its time is over
    mono_time expires{};
  };
  found_entry find(const digest256& key, mono_time now) {
    auto& shard = shard_of(key);
    entry gone; // destroyed after the lock is released
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.by_key.find(key);
    if (found == shard.by_key.end())
      return {};
    if (found->second->expires <= now) {
      gone = shard.take(found);
      return {};
    }
    shard.recent.splice(shard.recent.begin(), shard.recent, found->second);
    return {found->second->value, found->second->expires};
  }

  /// Takes the place of an entry with the same key. `evicted` is called with the label of each that
  /// had to go. False where it is too large to be kept.
  template <class Evicted>
  bool keep(const digest256& key, answer_label label, std::shared_ptr<const T> value,
            std::size_t bytes, mono_time expires, Evicted&& evicted) {
    const auto limit = max_bytes_ / shards;
    bytes += overhead + label.provider.size();
    if (bytes > limit)
      return false;
    auto& shard = shard_of(key);
    std::list<entry> gone;
    const std::lock_guard lock{shard.mutex};
    if (const auto old = shard.by_key.find(key); old != shard.by_key.end())
      shard.take(old);
    shard.recent.push_front({key, std::move(label), std::move(value), bytes, expires});
    shard.by_key.emplace(key, shard.recent.begin());
    shard.bytes += bytes;
    while (shard.bytes > limit) {
      const auto last = std::prev(shard.recent.end());
      shard.bytes -= last->bytes;
      shard.by_key.erase(last->key);
      gone.splice(gone.begin(), shard.recent, last);
      evicted(std::as_const(gone.front().label));
    }
    return true;
  }

  /// Drops what `wanted` says yes to; returns how many that were.
  template <class Wanted>
  std::size_t drop(Wanted&& wanted) {
    std::size_t count = 0;
    for (auto& shard : shards_) {
      std::list<entry> gone;
      const std::lock_guard lock{shard.mutex};
      for (auto each = shard.recent.begin(); each != shard.recent.end();) {
        const auto at = each++;
        if (!wanted(std::as_const(at->label)))
          continue;
        shard.bytes -= at->bytes;
        shard.by_key.erase(at->key);
        gone.splice(gone.begin(), shard.recent, at);
      }
      count += gone.size();
    }
    return count;
  }

  /// Calls `each` with the label and the bytes of every entry.
  template <class Each>
  void look(Each&& each) const {
    for (auto& shard : shards_) {
      const std::lock_guard lock{shard.mutex};
      for (const auto& one : shard.recent)
        each(one.label, one.bytes);
    }
  }

  [[nodiscard]] std::size_t max_bytes() const noexcept { return max_bytes_; }

private:
  struct entry {
    digest256 key;
    answer_label label;
    std::shared_ptr<const T> value;
    std::size_t bytes = 0;
    mono_time expires{};
  };
  using places = std::unordered_map<digest256, typename std::list<entry>::iterator, digest_hash>;
  struct shard_state {
    entry take(typename places::iterator at) {
      auto out = std::move(*at->second);
      bytes -= out.bytes;
      recent.erase(at->second);
      by_key.erase(at);
      return out;
    }
    mutable std::mutex mutex;
    std::list<entry> recent; ///< most recently used first
    places by_key;
    std::size_t bytes = 0;
  };
  /// By other bytes than the table's, so that each table has all of its buckets in use.
  shard_state& shard_of(const digest256& key) noexcept {
    return shards_[key.bytes.back() % shards];
  }

  std::size_t max_bytes_;
  std::array<shard_state, shards> shards_;
};

} // namespace flipsync
