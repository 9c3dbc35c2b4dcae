#pragma once
/// A model call and its answer, in no vendor's terms.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/shared_list.hpp"
#include "runtime/core/types/tool_call.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

enum class chat_role : std::uint8_t { system, user, assistant, tool };
std::string_view to_string(chat_role r) noexcept;

/// A function that the model may ask us to call.
struct tool_spec {
  std::string name; ///< 1-64 of [A-Za-z0-9_-]
  std::string description;
  std::string parameters; ///< JSON Schema of the arguments, as JSON text; empty: none
  friend bool operator==(const tool_spec&, const tool_spec&) = default;
};

struct chat_message {
  chat_role role = chat_role::user;
  std::string text;
  std::vector<tool_call> tool_calls; ///< role assistant: what it asked for
  std::string tool_call_id;          ///< role tool: the call that `text` answers
  friend bool operator==(const chat_message&, const chat_message&) = default;
};

/// Whether and which tool the model is to call.
struct tool_choice {
  enum class kind : std::uint8_t { automatic, none, required, named };
  kind what = kind::automatic;
  std::string name; ///< the tool, for `named`
  friend bool operator==(const tool_choice&, const tool_choice&) = default;
};

/// The form that the answer's text must have.
struct answer_format {
  enum class kind : std::uint8_t { text, json_object, json_schema };
  kind what = kind::text;
  std::string name;   ///< of the schema, for `json_schema`
  std::string schema; ///< JSON Schema as JSON text
  bool strict = false;
  friend bool operator==(const answer_format&, const answer_format&) = default;
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
  std::optional<std::int64_t> seed;
  std::optional<double> presence_penalty;
  std::optional<double> frequency_penalty;
};

struct model_request {
  std::string model; ///< empty: the provider's configured default
  /// System prompt first (role system), then history, then the user's message.
  shared_list<chat_message> messages;
  /// What the agent's skills computed, one sentence each. Already part of the system prompt; the
  /// embedded provider composes its answer from these alone.
  shared_list<std::string> facts;
  std::vector<tool_spec> tools;
  tool_choice choice; ///< only meant where there are tools
  answer_format format;
  model_tuning tuning;
  bool stream = false;
  /// Which of the provider's keys it goes out with, from 0.
  std::uint32_t key = 0;
  /// Time left for this attempt, all phases together.
  std::chrono::milliseconds timeout{15000};
};

struct model_reply {
  std::string text;
  std::string model;                 ///< as the provider names it
  std::string finish_reason;         ///< "stop", "length", "content_filter", "tool_calls"
  std::vector<tool_call> tool_calls; ///< whole, also where their pieces were streamed
  token_usage tokens;
  std::chrono::microseconds first_token{0}; ///< from the attempt's start; 0 if not streamed
};

/// What a provider can do, so that a call which needs it goes elsewhere where it is missing.
struct model_capabilities {
  bool tools = false;
  bool json_schema = false;
  std::uint32_t context_tokens = 0; ///< of its default model; 0: not known
  /// It answers from an agent's facts alone, so that a caller's own messages mean nothing to it.
  bool facts_only = false;
  /// The model's context is as large as the request's `num_ctx` says, and what does not fit is left
  /// out of the prompt without a word.
  bool context_by_request = false;
};

} // namespace flipsync
