#pragma once
/// Limits and times of sessions (API.md: SSE and WebSocket). Every one is an option and a row in
/// docs/configuration.md.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace flipsync {

struct session_settings {
  /// Sessions at once; more are refused as overloaded.
  std::uint32_t max_sessions = 10'000;
  /// Turns that one session may have running.
  std::uint32_t max_turns = 32;
  /// Frames of one client that may wait to be looked at; it is not read from beyond that.
  std::uint32_t max_waiting_frames = 64;
  /// Most bytes that may wait for a client whose socket takes none; one that lags further is cut
  /// off. Sixteen times as many may wait for one that takes some, which is then our own lag.
  std::size_t max_buffered = 1024 * 1024;

  /// How long a silent client is left alone before it is pinged.
  std::chrono::milliseconds ping_interval{30'000};
  /// How long a client may stay silent, pings included, before it counts as gone.
  std::chrono::milliseconds gone_after{120'000};

  /// How long turns are kept for a client that dropped, or after their end.
  std::chrono::milliseconds resume_hold{60'000};
  /// Most bytes of events kept of one turn; the oldest go first.
  std::size_t max_log = 256 * 1024;
  /// Turns whose events are kept at once; beyond it the one that would be forgotten first goes.
  std::uint32_t max_kept_turns = 256;
  /// Least pause between two events about agents' states.
  std::chrono::milliseconds agents_interval{250};
};

} // namespace flipsync
