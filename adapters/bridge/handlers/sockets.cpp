#include "adapters/bridge/door_checks.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"
#include "adapters/bridge/websocket_upgrade.hpp"

namespace flipsync {

namespace {

/// Whose key the request shows, in a header or by a ticket. Errors: unauthorized.
result<std::shared_ptr<const api_key>> key_of(http_session& session) {
  auto& gate = session.services().gate;
  if (const auto ticket = session.query().text("ticket"))
    return gate.redeem_ticket(*ticket, http_session::clock::now());
  return gate.identify({session.request().authorization, session.request().api_key});
}

/// What the client may do goes into the session's options; the gate is asked again for each
/// message.
void authorise(session_options& options, access_gate& gate, const client& who) {
  options.tenant = who.who().tenant;
  options.who = audience_of(who.who().who);
  options.admit_message = [at = gate.shared_from_this(), who](turn_request& request) {
    auto pass = at->admit(who, request, http_session::clock::now());
    // Only sending too often ends a session; a tenant whose places are taken may wait.
    if (pass || pass.error().detail("limit").empty())
      return pass;
    auto full = pass.error();
    full.code = errc::overloaded;
    return result<turn_pass>{std::move(full)};
  };
}

/// Where an upgrade is authorised, before the handshake is answered; a refusal is answered here.
bool authorised(http_session& session, session_options& options) {
  auto& gate = session.services().gate;
  const auto& request = session.request();
  const auto refuse = [&](int status, const error& why, std::string_view header = {}) {
    session.problem_with_status(status, why, header);
    return false;
  };
  if (!gate.origins().may_connect(request.origin, request.host))
    return refuse(
      403, error{errc::forbidden, "a page of this origin may not connect"}.with("field", "origin"));
  auto key = key_of(session);
  if (!key) {
    const auto unknown = unknown_sender(key.error());
    return refuse(unknown.status, unknown.why, unknown.extra_header);
  }
  const client who{*std::move(key),
                   gate.counts_addresses() ? session.host().peer() : std::string{}};
  if (auto counted = gate.count_request(who, http_session::clock::now()); !counted)
    return refuse(429, counted.error());
  authorise(options, gate, who);
  options.resumable = session.query().flag("resume");
  options.request_id = session.request_id();
  options.traceparent = session.traceparent();
  return true;
}

void open_socket(http_session& session, session_options options) {
  if (session.draining())
    return session.problem(error{errc::shutting_down, "the service is draining"});
  if (const auto refused = check_upgrade(session.request()))
    return session.problem_with_status(refused->status, refused->why, refused->headers);
  if (authorised(session, options))
    session.upgrade(
      {std::move(options), session.request().target, session.request().websocket_key});
}

/// One conversation, which the first message begins.
void chat_socket(http_session& session) {
  session_options options;
  options.one_conversation = true;
  open_socket(session, std::move(options));
}

void any_socket(http_session& session) { open_socket(session, {}); }

void conversation_socket(http_session& session) {
  turn_request probe;
  probe.message = "any";
  probe.conversation_id = session.parameter("conversation");
  if (auto checked = validate(probe); !checked)
    return session.problem(checked.error());
  session_options options;
  options.conversation_id = std::move(probe.conversation_id);
  open_socket(session, std::move(options));
}

constexpr query_field socket_fields[]{
  {.name = "resume",
   .type = query_type::flag,
   .summary = "hold the session's turns for a while if the connection drops"},
  {.name = "ticket", .summary = "from POST /api/v1/ws/ticket, in place of a key", .max = 256}};

} // namespace

std::span<const route> socket_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/ws/chat",
     .summary = "WebSocket: one conversation",
     .handle = chat_socket,
     .who = access::open, // a ticket may stand for the key
     .query = socket_fields,
     .status = "101"},
    {.pattern = "/api/v1/ws/connect",
     .summary = "WebSocket: any conversations, side by side",
     .handle = any_socket,
     .who = access::open, // a ticket may stand for the key
     .query = socket_fields,
     .status = "101"},
    {.pattern = "/api/v1/ws/chat/{conversation}",
     .summary = "WebSocket: this conversation",
     .handle = conversation_socket,
     .who = access::open, // a ticket may stand for the key
     .query = socket_fields,
     .status = "101"},
  };
  return table;
}

} // namespace flipsync
