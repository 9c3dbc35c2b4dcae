#include "runtime/core/resting_conversations.hpp"

#include <utility>

namespace flipsync {

namespace {

constexpr std::size_t fewest_buckets = 64;

} // namespace

resting_conversations::resting_conversations()
  : buckets_(fewest_buckets),
    by_key_{table::bucket_traits{buckets_.data(), buckets_.size()}} {}

resting_conversations::~resting_conversations() { clear(); }

void resting_conversations::keep(std::string key, std::string text, mono_time now) {
  if (size_ >= buckets_.size())
    grow();
  auto added = std::make_unique<memory>();
  added->key = std::move(key);
  added->text = std::move(text);
  added->since = now;
  by_key_.insert(*added);
  by_age_.push_back(*added.release());
  ++size_;
}

std::optional<std::string> resting_conversations::take(std::string_view key) {
  const auto found = by_key_.find(key, hash{}, std::equal_to<>{});
  if (found == by_key_.end())
    return std::nullopt;
  return std::move(remove(*found)->text);
}

void resting_conversations::drop_oldest() { remove(by_age_.front()); }

void resting_conversations::drop_older_than(mono_time then) {
  while (size_ > 0 && by_age_.front().since <= then)
    drop_oldest();
}

void resting_conversations::clear() {
  while (size_ > 0)
    drop_oldest();
}

std::unique_ptr<resting_conversations::memory> resting_conversations::remove(memory& each) {
  by_key_.erase(by_key_.iterator_to(each));
  by_age_.erase(by_age_.iterator_to(each));
  --size_;
  return std::unique_ptr<memory>{&each};
}

void resting_conversations::grow() {
  std::vector<table::bucket_type> more(buckets_.size() * 2);
  by_key_.rehash(table::bucket_traits{more.data(), more.size()});
  buckets_.swap(more);
}

} // namespace flipsync
