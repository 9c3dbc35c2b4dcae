#include "runtime/core/crash_ledger.hpp"

namespace flipsync {

namespace {

constexpr std::size_t max_inputs = 1024;

/// FNV-1a: stable between runs, which std::hash does not promise.
std::uint64_t fingerprint(std::string_view agent, std::string_view input) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](std::string_view text) {
    for (const unsigned char byte : text)
      hash = (hash ^ byte) * 1099511628211ULL;
  };
  mix(agent);
  mix(std::string_view{"\0", 1});
  mix(input);
  return hash;
}

} // namespace

void crash_ledger::begin(const std::string& agent, std::string_view input) {
  const std::lock_guard lock{mutex_};
  working_on_[agent] = fingerprint(agent, input);
}

void crash_ledger::end(const std::string& agent) {
  const std::lock_guard lock{mutex_};
  working_on_.erase(agent);
}

void crash_ledger::crashed(const std::string& agent) {
  const std::lock_guard lock{mutex_};
  const auto found = working_on_.find(agent);
  if (found == working_on_.end())
    return;
  if (crashes_[found->second]++ == 0) {
    order_.push_back(found->second);
    if (order_.size() > max_inputs) {
      crashes_.erase(order_.front());
      order_.pop_front();
    }
  }
  working_on_.erase(found);
}

bool crash_ledger::poisonous(const std::string& agent, std::string_view input) const {
  const std::lock_guard lock{mutex_};
  if (crashes_.empty())
    return false;
  const auto found = crashes_.find(fingerprint(agent, input));
  return found != crashes_.end() && found->second >= limit;
}

} // namespace flipsync
