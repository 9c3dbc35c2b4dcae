#pragma once
/// A model call and its answer, in no vendor's terms.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

enum class chat_role : std::uint8_t { system, user, assistant, tool };
std::string_view to_string(chat_role r) noexcept;

struct chat_message {
  chat_role role = chat_role::user;
  std::string text;
  friend bool operator==(const chat_message&, const chat_message&) = default;
};

/// Options of a local model server; others ignore what they do not know.
struct model_tuning {
  std::optional<double> temperature;
  std::optional<std::uint32_t> max_tokens;
  std::optional<double> top_p;
  std::optional<std::uint32_t> top_k;
  std::vector<std::string> stop;
  std::optional<std::uint32_t> num_ctx;
  std::optional<std::uint32_t> num_batch;
  std::optional<std::int32_t> num_gpu;
  std::optional<std::uint32_t> num_thread;
  std::string keep_alive; ///< e.g. "24h"; empty: the server's own
};

struct model_request {
  std::string model; ///< empty: the provider's configured default
  /// System prompt first (role system), then history, then the user's message.
  std::vector<chat_message> messages;
  /// What the agent's skills computed, one sentence each. Already part of the system prompt; the
  /// embedded provider composes its answer from these alone.
  std::vector<std::string> facts;
  model_tuning tuning;
  bool stream = false;
  /// Time left for this attempt, all phases together.
  std::chrono::milliseconds timeout{15000};
};

struct model_reply {
  std::string text;
  std::string model;         ///< as the provider names it
  std::string finish_reason; ///< "stop", "length", "content_filter", "tool_calls"
  token_usage tokens;
  std::chrono::microseconds first_token{0}; ///< from the attempt's start; 0 if not streamed
};

} // namespace flipsync
