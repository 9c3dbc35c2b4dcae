#pragma once
/// Turns that are answered whole.

#include <memory>

#include "adapters/bridge/exchange.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/turn_start.hpp"

namespace flipsync {

/// Begins the turn for the caller; `sink` answers it, at once or later. `place`: as start_turn.
void answer_whole(http_session& session, turn_request&& request,
                  const std::shared_ptr<turn_exchange>& sink, std::string_view place = {});

} // namespace flipsync
