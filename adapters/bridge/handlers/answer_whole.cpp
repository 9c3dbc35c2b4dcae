#include "adapters/bridge/handlers/answer_whole.hpp"

namespace flipsync {

void answer_whole(http_session& session, turn_request&& request,
                  const std::shared_ptr<turn_exchange>& sink, std::string_view place) {
  request.request_id = session.request_id();
  request.traceparent = session.traceparent();
  sink->tell_costs(session.costs());
  session.wait_for(sink);
  if (!start_turn(session, std::move(request), sink, place))
    return;
  session.lend_socket(sink->direct());
  if (sink->arm())
    sink->answer(session);
}

} // namespace flipsync
