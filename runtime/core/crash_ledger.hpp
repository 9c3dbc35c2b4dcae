#pragma once
/// Remembers which input an agent was working on when it crashed, so that a poison message is
/// refused the third time instead of crashing the agent for ever.

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace flipsync {

/// Thread-safe; bounded to the last 1,024 poisonous inputs.
class crash_ledger {
public:
  /// Crashes after which an input is refused.
  static constexpr int limit = 2;

  /// The agent begins and ends the part of its work that runs in its own handler.
  void begin(const std::string& agent, std::string_view input);
  void end(const std::string& agent);
  /// The agent crashed: what it had begun counts as a crash of that input.
  void crashed(const std::string& agent);
  [[nodiscard]] bool poisonous(const std::string& agent, std::string_view input) const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> working_on_;
  std::map<std::uint64_t, int> crashes_;
  std::deque<std::uint64_t> order_;
};

} // namespace flipsync
