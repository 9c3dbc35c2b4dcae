#pragma once
/// What a caller asks: the input of every door and of the embedding API.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/cache/cache_settings.hpp"
#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Who is asking. `any` (a trusted local caller) may reach both rosters.
enum class audience : std::uint8_t { any, shopper, seller };
/// What matters most to the caller (PROVIDERS: routing by task and priority).
enum class priority : std::uint8_t { unset, speed, quality, cost };

std::string_view to_string(audience a) noexcept;
std::string_view to_string(priority p) noexcept;
result<audience> parse_audience(std::string_view name);
result<priority> parse_priority(std::string_view name);

/// A message of a conversation that its caller keeps.
struct earlier_message {
  bool from_user = true; ///< else the assistant's
  std::string text;
  friend bool operator==(const earlier_message&, const earlier_message&) = default;
};

struct turn_request {
  /// 1 to 8,000 characters (code points) of valid UTF-8.
  std::string message;
  /// Empty: a new conversation is begun and its id reported. 1-128 of [A-Za-z0-9._:-].
  std::string conversation_id;
  /// Empty: routed. Else an agent's name or alias.
  std::string agent;
  audience who = audience::any;
  std::string customer_id;
  /// One of the task names of PROVIDERS, or empty.
  std::string task;
  priority prefer = priority::unset;
  /// Unset: the configured turn deadline. 1 ms to 10 min.
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<usd> max_cost;
  /// BCP 47, e.g. "en-US"; empty means the shop's own.
  std::string locale;
  /// Free text or JSON that the caller wants the agent to know; at most 16 KiB.
  std::string context;
  /// True where the caller wants `token` events; a whole reply comes in any case.
  bool stream = false;
  /// The caller's protocol cannot take back a token that was sent.
  bool told_once = false;
  /// The turn goes on when its client has left, and its events are kept for a while.
  bool detach = false;
  bool age_confirmed = false;
  /// False: the conversation is the caller's. It sends the earlier messages as `history`, and
  /// nothing is recalled or stored; `conversation_id` must be empty.
  bool kept = true;
  /// Oldest first, at most 1,000 messages and 256 KiB; only where `kept` is false. The agent sees
  /// as many of the last ones as of a kept conversation.
  std::vector<earlier_message> history;
  cache_use cache = cache_use::by_rule;
  /// The tenant whose data and limits apply; set by the door, never by the body.
  std::string tenant = "default";
  /// The caller's request id, for logs; set by the door.
  std::string request_id;
  /// The caller's W3C trace context (`traceparent`), empty if it sent none; set by the door.
  std::string traceparent;
};

/// Longest accepted message, in code points (API: 1-8,000 characters).
inline constexpr std::size_t max_message_length = 8000;
/// Longest accepted `context`, in bytes.
inline constexpr std::size_t max_context_bytes = 16 * 1024;
/// Most messages of `history`, and most bytes of all their texts.
inline constexpr std::size_t max_history_messages = 1000;
inline constexpr std::size_t max_history_bytes = 256 * 1024;

/// Checks every field against its range. Errors: invalid_request with `field`.
result<void> validate(const turn_request& request);

} // namespace flipsync
