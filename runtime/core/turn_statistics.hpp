#pragma once
/// What the turns of a runtime came to: for figures, not for decisions.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "runtime/core/latency_record.hpp"
#include "runtime/core/recent_users.hpp"
#include "runtime/core/types/runtime_numbers.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// Thread-safe; bounded.
class turn_statistics {
public:
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
  recent_users users_; ///< customers, or conversations where the customer is not named
  struct hour {
    std::int64_t number = -1;
    std::uint64_t begun = 0;
  };
  std::array<hour, hours> conversations_{}; ///< by hour modulo `hours`
  latency_record latency_;
};

} // namespace flipsync
