#include "runtime/core/types/turn_reply.hpp"

namespace flipsync {

std::string_view to_string(turn_status s) noexcept {
  switch (s) {
  case turn_status::ok:
    return "ok";
  case turn_status::partial:
    return "partial";
  case turn_status::failed:
    return "failed";
  }
  return "unknown";
}

std::string_view to_string(part_status s) noexcept {
  switch (s) {
  case part_status::ok:
    return "ok";
  case part_status::cached:
    return "cached";
  case part_status::heuristic:
    return "heuristic";
  case part_status::skipped:
    return "skipped";
  case part_status::timed_out:
    return "timed_out";
  case part_status::failed:
    return "failed";
  case part_status::cancelled:
    return "cancelled";
  }
  return "unknown";
}

} // namespace flipsync
