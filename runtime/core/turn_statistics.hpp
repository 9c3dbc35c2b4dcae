#pragma once
/// What the turns of a runtime came to: for figures, not for decisions.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "runtime/core/latency_record.hpp"
#include "runtime/core/types/runtime_numbers.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// Thread-safe; bounded.
class turn_statistics {
public:
  /// Users remembered at most; beyond it the count is a lower bound.
  static constexpr std::size_t max_users = 100'000;

  void turn_ended(const turn_request& request, const turn_reply& reply, mono_time now);
  /// Fills turns, tokens, cost, users and conversations, and the tokens and costs of providers that
  /// are in `into` by name.
  void show(runtime_numbers& into, mono_time now) const;

private:
  struct spent {
    token_usage_sum tokens;
    usd cost;
  };
  static constexpr std::size_t hours = 25;

  mutable std::mutex mutex_;
  std::uint64_t turns_ = 0;
  std::uint64_t failed_ = 0;
  spent all_;
  usd wasted_;
  usd saved_;
  std::map<std::string, spent> by_provider_;
  std::unordered_map<std::string, mono_time> users_; ///< when each was last seen
  struct hour {
    std::int64_t number = -1;
    std::uint64_t begun = 0;
  };
  std::array<hour, hours> conversations_{}; ///< by hour modulo `hours`
  latency_record latency_;
};

} // namespace flipsync
