#include "adapters/bridge/exchange.hpp"
#include "adapters/bridge/handlers/answer_whole.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

/// The request in the body; a problem has been answered here.
result<turn_request> read_turn(http_session& session, bool stream) {
  if (session.draining()) {
    const error draining{errc::shutting_down, "the service is draining"};
    session.problem(draining);
    return draining;
  }
  auto parsed = wire::parse_turn_request(session.request().body);
  if (!parsed) {
    session.problem(parsed.error());
    return parsed;
  }
  // The route says whether events are wanted: a whole reply needs no tokens, a stream has them.
  parsed->stream = stream;
  return parsed;
}

void chat(http_session& session) {
  if (auto request = read_turn(session, false))
    answer_whole(session, std::move(*request),
                 std::make_shared<turn_exchange>(session.services().completions));
}

void chat_stream(http_session& session) {
  auto request = read_turn(session, true);
  if (!request)
    return;
  auto sink = std::make_shared<stream_exchange>(
    session.services().completions, session.services().settings.max_stream_buffer, session.costs());
  request->request_id = session.request_id();
  request->traceparent = session.traceparent();
  session.wait_for(sink);
  start_turn(session, std::move(*request), sink);
}

} // namespace

std::span<const route> chat_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/chat",
     .summary = "one turn, whole reply",
     .handle = chat,
     .body = body_kind::json,
     .request = "TurnRequest",
     .reply = "TurnReply"},
    {.method = http_method::post,
     .pattern = "/api/v1/chat/stream",
     .summary = "one turn as server-sent events",
     .handle = chat_stream,
     .body = body_kind::json,
     .request = "TurnRequest",
     .reply_type = "text/event-stream"},
  };
  return table;
}

} // namespace flipsync
