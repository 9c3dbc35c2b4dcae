#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

void give_ticket(http_session& session) {
  auto& gate = session.services().gate;
  const auto ticket = gate.issue_ticket(session.sender(), http_session::clock::now());
  if (!ticket)
    return session.problem(ticket.error());
  auto& out = session.begin_response(200, "application/json");
  wire::json_object whole{out};
  whole.text("ticket", *ticket);
  whole.number("expires_in",
               static_cast<std::uint64_t>(
                 std::chrono::floor<std::chrono::seconds>(gate.ticket_lifetime()).count()));
  whole.close();
  session.end_response();
}

} // namespace

std::span<const route> ticket_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/ws/ticket",
     .summary = "a ticket for one WebSocket, for browsers",
     .handle = give_ticket,
     .reply = "Ticket"},
  };
  return table;
}

} // namespace flipsync
