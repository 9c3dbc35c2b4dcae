#include "runtime/core/types/turn_event.hpp"

namespace flipsync {

std::string_view to_string(event_type t) noexcept {
  switch (t) {
  case event_type::turn_started:
    return "turn_started";
  case event_type::routed:
    return "routed";
  case event_type::part_started:
    return "part_started";
  case event_type::progress:
    return "progress";
  case event_type::token:
    return "token";
  case event_type::part_finished:
    return "part_finished";
  case event_type::decision:
    return "decision";
  case event_type::tool_call:
    return "tool_call";
  case event_type::tool_result:
    return "tool_result";
  case event_type::restarted:
    return "restarted";
  case event_type::completed:
    return "completed";
  case event_type::failed:
    return "failed";
  }
  return "unknown";
}

} // namespace flipsync
