#pragma once
/// What operators see of agents and components.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

struct agent_status {
  std::string name;
  std::vector<std::string> aliases;
  std::string title;               ///< one line: what it is asked for
  audience who = audience::seller; ///< who may reach it
  std::string state;               ///< "up", "paused", "restarting" or "down"
  std::vector<std::string> skills;
  std::uint64_t in_flight = 0;
  std::uint64_t turns = 0; ///< turns ended since start
  std::uint64_t failures = 0;
  std::uint64_t restarts = 0;
  std::chrono::microseconds median{0}; ///< of the last 256 turns; 0 if there was none
  std::chrono::microseconds p95{0};    ///< of the same
  std::chrono::microseconds p99{0};
};

using roster_ptr = std::shared_ptr<const std::vector<agent_status>>;

struct component_health {
  std::string name;   ///< "store", "provider:NAME", "agents" …
  std::string status; ///< "up", "degraded" or "down"
  std::string detail;
};

struct health_report {
  std::string status; ///< "ok", "degraded" or "down"
  bool ready = false;
  bool draining = false;
  std::chrono::seconds uptime{0};
  std::string version;
  std::vector<std::string> features;
  std::vector<component_health> components;
  std::uint64_t turns_in_flight = 0;
};

} // namespace flipsync
