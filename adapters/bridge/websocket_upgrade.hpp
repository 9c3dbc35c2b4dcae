#pragma once
/// Whether a request may become a WebSocket, and what it becomes. Pure.

#include <optional>
#include <string>

#include "adapters/bridge/http_parser.hpp"
#include "runtime/core/session/session.hpp"

namespace flipsync {

/// What a connection needs to go on as a WebSocket.
struct websocket_upgrade {
  session_options options;
  std::string target; ///< of the request
  std::string key;    ///< Sec-WebSocket-Key
};

struct upgrade_refusal {
  int status = 400;
  error why;
  std::string headers;
};

/// Checks the handshake (RFC 6455, 4.2.1): 426 where it is none or of another version, 400 where it
/// is malformed.
std::optional<upgrade_refusal> check_upgrade(const http_request& request);

} // namespace flipsync
