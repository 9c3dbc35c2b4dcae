#pragma once
/// How every route of the door begins a turn.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/bridge/access/access_gate.hpp"
#include "runtime/core/turn/idempotency_table.hpp"

namespace flipsync {

class http_session;

/// What a request is told apart by where its sender named it; see request_mark.
struct idempotency_mark {
  std::string name;    ///< the Idempotency-Key; empty: not named
  std::string content; ///< a hash of what it asks
};

/// The request's Idempotency-Key and content; `place` is what the path adds to the body. Errors:
/// invalid_request for a key that is not 1 to 255 visible characters.
result<idempotency_mark> request_mark(const http_session& session, std::string_view place = {});

struct turn_start {
  turn running;          ///< cancels it
  bool replayed = false; ///< the turn had been begun by an earlier request with this mark
};

/// Lets the turn in by its sender's key and limits and submits it; with a mark, joins the turn that
/// has it already. Errors: those of access_gate::admit and idempotency_table::begin; `sink` then
/// hears nothing. A marked turn that is not let in ends as failed instead, for all who joined it.
result<turn_start> start_turn(facade& runtime, access_gate& gate, idempotency_table& known,
                              const client& from, const idempotency_mark& mark,
                              turn_request&& request, std::shared_ptr<event_sink> sink);

/// The same for the session's request, whose headers say what it wants of caches, and whose answer
/// tells by a header where it was replayed.
/// Nothing where it was refused, which the session has then been told.
bool start_turn(http_session& session, turn_request&& request, std::shared_ptr<event_sink> sink,
                std::string_view place = {});

} // namespace flipsync
