#pragma once
/// The wire form of the value types, shared by every door and the CLI (API: turn request and reply,
/// events). Written by hand into one string, so that a hot reply costs no tree of nodes.

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/core/types/agent_status.hpp"
#include "runtime/core/types/turn_event.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync::wire {

/// Parses a turn request's JSON body; unknown fields, wrong types, invalid UTF-8 and JSON nested
/// deeper than 16 levels are invalid_request naming the field. Does not call `validate`. Fields of
/// `turn_request` that only a door may set (tenant, request_id) are never read from the body.
/// Thread-safe.
result<turn_request> parse_turn_request(std::string_view json);

/// Whether what model calls cost is told. Who asks with a shopper's key is not: the members are
/// then left out.
enum class costs : std::uint8_t { told, withheld };

std::string to_json(const turn_reply& reply);
/// One event as a JSON object: {"type","turn","seq","at",…}.
std::string to_json(const turn_event& event, costs how = costs::told);
std::string to_json(const agent_status& status);
std::string to_json(const health_report& report);
/// The error as an RFC 9457 problem object with `code`, `details` members and `retry_after_ms`;
/// `status` is the HTTP status to name, 0 for none.
std::string problem_json(const error& why, int status, std::string_view request_id);

/// The same, appended to `out` instead of returned, for doors that keep one buffer per connection.
void append_json(std::string& out, const turn_reply& reply, costs how = costs::told);
/// The same in two pieces: the members that are known before the turn has ended, and the rest.
void append_json_start(std::string& out, const turn_reply& reply, costs how = costs::told);
void append_json_end(std::string& out, const turn_reply& reply);
void append_json(std::string& out, const turn_event& event, costs how = costs::told);
void append_json(std::string& out, const agent_status& status);
void append_json(std::string& out, const health_report& report);
/// As problem_json. A `failed` turn adds its turn id, conversation_id, agent and parts, so that the
/// caller sees what failed.
void append_problem(std::string& out, const error& why, int status, std::string_view request_id,
                    const turn_reply* failed = nullptr, costs how = costs::told);

/// {"type":"error","code","message",…}: what a socket's client is told of a bad frame.
void append_error_frame(std::string& out, const error& why);

/// Appends `text` as a JSON string with quotes; invalid UTF-8 becomes U+FFFD.
void append_string(std::string& out, std::string_view text);

} // namespace flipsync::wire
