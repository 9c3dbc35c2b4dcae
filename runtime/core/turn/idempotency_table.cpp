#include "runtime/core/turn/idempotency_table.hpp"

#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace flipsync {

/// Outlives the table in the hands of turns that end later.
class idempotency_table::state : public std::enable_shared_from_this<state> {
public:
  state(idempotency_limits limits, clock now) : limits_{limits}, now_{std::move(now)} {}

  result<entry> begin(std::string name, std::string_view content) {
    std::list<std::shared_ptr<shared_turn>> dropped; // destroyed after the lock is released
    const std::lock_guard lock{mutex_};
    forget_old(dropped);
    if (const auto known = known_.find(name); known != known_.end()) {
      if (known->second.content != content)
        return error{errc::conflict, "this Idempotency-Key was used for another request"}.with(
          "field", "idempotency-key");
      return entry{known->second.turn, false};
    }
    if (known_.size() >= limits_.max_entries && !forget_oldest(dropped))
      return error{errc::overloaded, "too many requests with an Idempotency-Key run"}
        .with_retry_after(std::chrono::seconds{1});
    auto turn = std::make_shared<shared_turn>(
      [weak = weak_from_this(), name, number = ++last_](bool answered, std::size_t bytes) {
        if (const auto self = weak.lock())
          self->settle(name, number, answered, bytes);
      });
    known_.emplace(std::move(name), kept{std::string{content}, turn, last_, 0, {}, {}});
    return entry{std::move(turn), true};
  }

  std::size_t entries() const {
    const std::lock_guard lock{mutex_};
    return known_.size();
  }
  std::size_t bytes() const {
    const std::lock_guard lock{mutex_};
    return bytes_;
  }

private:
  struct kept {
    std::string content;
    std::shared_ptr<shared_turn> turn;
    std::uint64_t number;
    std::size_t bytes;
    mono_time until;
    std::list<std::string>::iterator age; ///< valid once it has ended
  };
  using dropped_turns = std::list<std::shared_ptr<shared_turn>>;

  void settle(const std::string& name, std::uint64_t number, bool answered, std::size_t bytes) {
    dropped_turns dropped;
    const std::lock_guard lock{mutex_};
    const auto found = known_.find(name);
    if (found == known_.end() || found->second.number != number)
      return;
    auto& entry = found->second;
    entry.bytes = bytes + name.size() + entry.content.size();
    if (!answered || entry.bytes > limits_.max_bytes) {
      dropped.push_back(std::move(entry.turn));
      known_.erase(found);
      return;
    }
    entry.until = now_() + limits_.lifetime;
    by_age_.push_back(name);
    entry.age = std::prev(by_age_.end());
    bytes_ += entry.bytes;
    while (bytes_ > limits_.max_bytes && forget_oldest(dropped)) {
    }
  }

  bool forget_oldest(dropped_turns& dropped) {
    if (by_age_.empty())
      return false;
    const auto found = known_.find(by_age_.front());
    bytes_ -= found->second.bytes;
    dropped.push_back(std::move(found->second.turn));
    by_age_.erase(found->second.age);
    known_.erase(found);
    return true;
  }

  void forget_old(dropped_turns& dropped) {
    const auto now = now_();
    while (!by_age_.empty() && known_.find(by_age_.front())->second.until <= now)
      forget_oldest(dropped);
  }

  const idempotency_limits limits_;
  const clock now_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, kept> known_;
  std::list<std::string> by_age_; ///< names of what has ended, the oldest in front
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

idempotency_table::idempotency_table(idempotency_limits limits, clock now)
  : state_{std::make_shared<state>(limits, std::move(now))} {}

idempotency_table::~idempotency_table() = default;

result<idempotency_table::entry>
idempotency_table::begin(std::string_view scope, std::string_view name, std::string_view content) {
  // The length keeps two scopes with names from ever reading alike.
  auto whole = std::to_string(scope.size()) + ':' + std::string{scope} + std::string{name};
  return state_->begin(std::move(whole), content);
}

std::size_t idempotency_table::entries() const { return state_->entries(); }
std::size_t idempotency_table::bytes() const { return state_->bytes(); }

} // namespace flipsync
