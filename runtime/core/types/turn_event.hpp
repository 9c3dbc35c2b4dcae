#pragma once
/// The one event model. SSE, WebSocket, the CLI and the embedding API all carry these.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/types/tool_call.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

enum class event_type : std::uint8_t {
  turn_started,  ///< text = conversation id
  routed,        ///< route
  part_started,  ///< text = part name
  progress,      ///< text = what is waited for; elapsed and typical are set
  token,         ///< text = the next piece of the answer
  part_finished, ///< part
  decision,
  tool_call, ///< call = a piece of a call that the model asks for
  tool_result,
  restarted, ///< tokens sent so far are void; text = why
  completed, ///< reply; terminal
  failed,    ///< reply (status failed, `why` says it); terminal
};

std::string_view to_string(event_type t) noexcept;
constexpr bool is_terminal(event_type t) noexcept {
  return t == event_type::completed || t == event_type::failed;
}

/// An event as offered by an actor; the turn guard gives it its turn, number and time.
struct turn_event {
  event_type type = event_type::turn_started;
  std::string turn;      ///< the turn's id
  std::uint64_t seq = 0; ///< rises by one, from 1
  wall_time at{};
  std::string text;
  std::chrono::milliseconds elapsed{0}; ///< progress: waited so far
  std::chrono::milliseconds typical{0}; ///< progress: this provider's measured median, 0 if unknown
  std::shared_ptr<const route_choice> route;
  std::shared_ptr<const part_report> part;
  std::shared_ptr<const tool_call_delta> call;
  std::shared_ptr<const turn_reply> reply;
  bool required = false; ///< part_started: no answer without this part
};

} // namespace flipsync
