#pragma once
/// A sink that keeps what it hears.

#include <vector>

#include "runtime/core/facade.hpp"

namespace flipsync::testing {

/// For tests in which no two threads meet.
struct event_record final : event_sink {
  void on_event(const turn_event& event) override { events.push_back(event); }

  [[nodiscard]] bool ended() const { return !events.empty() && is_terminal(events.back().type); }
  /// Whether the numbers rise by one from 1.
  [[nodiscard]] bool in_order() const {
    for (std::size_t i = 0; i < events.size(); ++i)
      if (events[i].seq != i + 1)
        return false;
    return true;
  }
  /// The texts of all tokens.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& event : events)
      if (event.type == event_type::token)
        out += event.text;
    return out;
  }
  [[nodiscard]] errc why() const { return ended() ? events.back().reply->why.code : errc::none; }

  std::vector<turn_event> events;
};

} // namespace flipsync::testing
