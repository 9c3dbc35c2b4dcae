#pragma once
/// What a request's header must show before its route is run: that it is meant for us, that its
/// page may call us, whose it is, and that they may.

#include <optional>
#include <string>

#include "adapters/bridge/access/access_gate.hpp"
#include "adapters/bridge/route.hpp"

namespace flipsync {

/// Why a request is refused after its header; told once its body has been read.
struct refusal {
  int status;
  error why;
  std::string extra_header;
};

/// The Host header against DNS rebinding, and the Origin of what would change something. 403.
std::optional<refusal> check_call(const origin_rules& rules, const http_request& request);

/// Whether the sender may call the route, and not too often. 401, 403, 429.
std::optional<refusal> check_sender(access_gate& gate, const route& wanted, const client& from,
                                    access_gate::time_point now);

/// Whether the sender may look as the audience it asks for. 403; what is no audience passes.
std::optional<refusal> check_audience(const client& from, const result<audience>& asked);

/// For who is not known: the status, and the header that tells how to be.
refusal unknown_sender(error why);

/// The headers that let the page of a listed origin read the answer; empty for all others.
std::string cors_headers(const origin_rules& rules, const http_request& request);

/// Whether this is a browser's question whether its page may call us (CORS preflight).
bool is_preflight(const origin_rules& rules, const http_request& request) noexcept;
/// What it is answered, beside cors_headers: `methods` as in Allow, and whatever headers the page
/// wants to send, since those that the door does not know have no effect.
std::string preflight_headers(std::string_view methods, const http_request& request);

} // namespace flipsync
