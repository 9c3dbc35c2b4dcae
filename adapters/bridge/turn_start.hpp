#pragma once
/// How every route of the door begins a turn.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/bridge/access/access_gate.hpp"
#include "runtime/core/turn/idempotency_table.hpp"

namespace flipsync {

class http_session;

/// Of an answer that an earlier request got, or waits for too.
inline constexpr std::string_view replayed_header = "Idempotency-Replayed: true\r\n";

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

/// Lets a turn in and begins it, with its events for the sink. Errors: why it is not let in; the
/// sink then hears nothing.
using turn_beginner = std::function<result<turn>(std::shared_ptr<event_sink>)>;

/// Joins the turn that has the mark already, or begins one under it by `begin`, which is called
/// before this returns; where that is not let in, it ends as failed for all who joined it. Errors:
/// those of idempotency_table::begin; `sink` then hears nothing.
result<turn_start> start_marked(idempotency_table& known, const client& from,
                                const idempotency_mark& mark, std::shared_ptr<event_sink> sink,
                                const turn_beginner& begin);

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
