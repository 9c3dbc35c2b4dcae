#pragma once
/// The core's own metrics, kept in CAF's registry and shown as Prometheus text.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/types/turn_reply.hpp"

namespace caf {
class actor_system;
} // namespace caf

namespace flipsync {

/// Thread-safe. Lives as long as the actor system it was made for.
class core_metrics {
public:
  explicit core_metrics(caf::actor_system& system);
  ~core_metrics();
  core_metrics(const core_metrics&) = delete;
  core_metrics& operator=(const core_metrics&) = delete;

  void turn_ended(const turn_reply& reply);
  void turn_refused(errc code);
  void attempt_ended(const attempt& tried);
  void call_cancelled(const std::string& provider);
  void agent_restarted(const std::string& agent);
  void turns_in_flight(std::int64_t now);
  void live_conversations(std::int64_t now);
  /// Sessions open; those that dropped and are held; turns whose events are kept.
  void sessions(std::int64_t open, std::int64_t held, std::int64_t kept_turns);
  /// As last told.
  [[nodiscard]] std::uint64_t live_conversations() const;
  /// Prometheus text of the whole registry.
  [[nodiscard]] std::string text() const;

private:
  void part_ended(const part_report& part);
  void count_tokens(std::string_view direction, std::uint64_t count);

  struct families;
  std::unique_ptr<families> families_;
};

} // namespace flipsync
