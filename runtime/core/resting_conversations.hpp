#pragma once
/// What conversations remember while nothing is said in them.

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Memories by conversation, in the order in which they came to rest. Keeping one, taking one and
/// dropping the oldest each touch one memory and one bucket: there are thousands, and what is not
/// in use has left the caches. Not thread-safe.
class resting_conversations {
public:
  resting_conversations();
  ~resting_conversations();
  resting_conversations(const resting_conversations&) = delete;
  resting_conversations& operator=(const resting_conversations&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// `key` is not kept yet.
  void keep(std::string key, std::string memory, mono_time now);
  /// The memory, which is kept no longer; nothing if it was not.
  std::optional<std::string> take(std::string_view key);
  void drop_oldest();
  /// Those that have rested since `then` or longer.
  void drop_older_than(mono_time then);
  void clear();

private:
  struct memory : boost::intrusive::list_base_hook<>,
                  boost::intrusive::unordered_set_base_hook<boost::intrusive::store_hash<true>> {
    std::string key;
    std::string text;
    mono_time since{};
  };
  struct key_of {
    using type = std::string;
    const type& operator()(const memory& each) const { return each.key; }
  };
  struct hash {
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>{}(key);
    }
  };
  using order = boost::intrusive::list<memory, boost::intrusive::constant_time_size<false>>;
  using table = boost::intrusive::unordered_set<
    memory, boost::intrusive::key_of_value<key_of>, boost::intrusive::hash<hash>,
    boost::intrusive::equal<std::equal_to<>>, boost::intrusive::power_2_buckets<true>,
    boost::intrusive::constant_time_size<false>>;

  std::unique_ptr<memory> remove(memory& each);
  void grow();

  std::size_t size_ = 0;
  std::vector<table::bucket_type> buckets_;
  table by_key_;
  order by_age_; ///< oldest first
};

} // namespace flipsync
