#pragma once
/// What a client may say over a WebSocket (API.md: SSE and WebSocket), and what a session says
/// beside the events of turns.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/agent_status.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync::wire {

enum class frame_kind : std::uint8_t { message, cancel, ping, subscribe, resume };

struct client_frame {
  frame_kind kind = frame_kind::message;
  /// The client's own name for the frame as JSON (a string or a whole number), echoed in whatever
  /// answers it; empty if it gave none.
  std::string id;
  turn_request request; ///< message; tokens are wanted unless it says otherwise
  std::string turn;     ///< cancel (empty: all of the session), resume (empty: from now on)
  std::uint64_t after_seq = 0;
  bool agents = false;    ///< subscribe
  bool decisions = false; ///< subscribe
};

/// Longest id of a client's frame, bytes.
inline constexpr std::size_t max_frame_id = 128;

/// Reads a client's frame; `into.id` is set as far as it could be read even where the frame is
/// refused. A frame with `message` and without `type` is a message. Errors: invalid_request naming
/// the field. Thread-safe.
result<void> parse_client_frame(std::string_view json, client_frame& into);

/// {"type":"error","id":…,"code","message",…}
std::string error_frame(const error& why, std::string_view id);
std::string pong_frame(wall_time now, std::string_view id);
std::string subscribed_frame(const client_frame& asked);
/// {"type":"resumable","hold_ms":…}: what drops from now on can be resumed for so long.
std::string resumable_frame(std::chrono::milliseconds hold, std::string_view id);
/// {"type":"resumed","turn","after_seq","running":…}, before the events that were missed.
std::string resumed_frame(std::string_view turn, std::uint64_t after_seq, bool running,
                          std::string_view id);
/// {"type":"draining","turns":n}: no further turn is begun.
std::string draining_frame(std::size_t turns);
/// {"type":"agents","at","agents":[…]}
std::string agents_frame(wall_time now, const std::vector<agent_status>& agents);

/// Adds the client's id to a frame that is a whole JSON object.
void add_frame_id(std::string& frame, std::string_view id);

} // namespace flipsync::wire
