#pragma once
/// What a client of /v1/chat/completions asks: the chat-completions protocol, as most clients of
/// model servers speak it. docs/api.md lists the fields; each other one is an error that names it.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/direct_request.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync::completions {

struct chat_request {
  std::string model;
  /// Messages, tools, format, tuning and `stream`; developer messages are system messages.
  model_request ask;
  bool include_usage = false; ///< stream_options.include_usage
  std::string user;
  /// The fields that were given and mean something to a model alone, in the order given.
  std::vector<std::string> for_models;
};

/// Deepest nesting of a request's JSON; schemas of tools are within it.
inline constexpr std::size_t max_depth = 64;
/// Most tools of a request, and most stop sequences.
inline constexpr std::size_t max_tools = 128;
inline constexpr std::size_t max_stops = 4;

/// Errors: invalid_request with `field`, e.g. "messages[2].role". Thread-safe.
result<chat_request> parse_chat_request(std::string_view json);

/// True for "flipsync" and "flipsync/<agent>": the runtime's own agents answer.
bool names_agents(std::string_view model) noexcept;

/// The turn that such a request means: its last message, which must be the user's, with those
/// before it as the history of a conversation that the caller keeps; system messages become the
/// context. Errors: invalid_request naming the field that no agent understands.
result<turn_request> agent_turn(const chat_request& request);

/// An error of the turn that names the field of the request which the caller wrote.
error in_its_terms(error why);

} // namespace flipsync::completions
