#pragma once
/// Calls of functions that a model asks for, whole and in pieces.

#include <cstdint>
#include <string>
#include <string_view>

namespace flipsync {

/// A call that the model asks for.
struct tool_call {
  std::string id; ///< names the call in the message that answers it; made by us where a vendor has
                  ///< none
  std::string name;
  std::string arguments; ///< JSON text as the model wrote it; may be broken
  friend bool operator==(const tool_call&, const tool_call&) = default;
};

/// A piece of a tool call as it is streamed: id and name come with a call's first piece, the
/// pieces of `arguments` are to be joined.
struct tool_call_piece {
  std::uint32_t index = 0; ///< which call of the answer, from 0
  std::string_view id;
  std::string_view name;
  std::string_view arguments;
};

/// A piece that owns its text, as an event carries it.
struct tool_call_delta {
  std::uint32_t index = 0;
  std::string id;
  std::string name;
  std::string arguments;
  friend bool operator==(const tool_call_delta&, const tool_call_delta&) = default;
};

} // namespace flipsync
