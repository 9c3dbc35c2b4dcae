#pragma once
/// A connection for tests of sessions: keeps what it is given when it is asked to.

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/session/session.hpp"

namespace flipsync::testing {

class recording_port final : public session_port {
public:
  void wake() override { wakes.fetch_add(1); }

  /// Takes from the session all that there is.
  void take_from(session& from) {
    auto output = from.take();
    for (auto& frame : output.frames)
      frames.push_back(std::move(frame));
    pings += output.ping ? 1 : 0;
    if (output.close != close_code::none)
      closed = output.close;
  }
  /// How many of the frames hold the text.
  [[nodiscard]] std::size_t count(std::string_view text) const {
    std::size_t found = 0;
    for (const auto& frame : frames)
      found += frame.find(text) != std::string::npos ? 1 : 0;
    return found;
  }

  std::atomic<int> wakes = 0;
  std::vector<std::string> frames;
  int pings = 0;
  close_code closed = close_code::none;
};

} // namespace flipsync::testing
