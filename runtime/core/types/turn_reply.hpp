#pragma once
/// What a turn answers: every door translates this and invents nothing.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/product.hpp"
#include "runtime/core/types/shared_list.hpp"
#include "runtime/core/types/tool_call.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

enum class turn_status : std::uint8_t { ok, partial, failed };
enum class part_status : std::uint8_t {
  ok,
  cached,
  heuristic, ///< answered by a rule where a model could have been asked; its normal way, not a
             ///< stand-in
  skipped,   ///< another part's result made it unnecessary
  timed_out,
  failed,
  cancelled,
};

std::string_view to_string(turn_status s) noexcept;
std::string_view to_string(part_status s) noexcept;

/// One try at one provider.
struct attempt {
  std::string provider;
  std::string model;
  std::chrono::microseconds took{0};
  /// errc::none if it answered.
  errc outcome = errc::none;
  std::string reason; ///< the provider's own words, bounded to 300 bytes; empty if it answered
  /// Which of the provider's keys it used, from 1; 0 where there is only one.
  std::uint32_t key = 0;
  friend bool operator==(const attempt&, const attempt&) = default;
};

/// What became of one part of a turn.
struct part_report {
  std::string name;
  bool required = false;
  part_status status = part_status::ok;
  std::string provider; ///< empty where no model was asked
  std::string model;
  std::string why_model; ///< why this provider and model; empty where no model was asked
  std::vector<attempt> attempts;
  std::chrono::microseconds took{0};
  token_usage tokens;
  usd cost;
  usd wasted; ///< what attempts that failed or were cut are known to have cost, beside `cost`
  usd saved;  ///< what an answer out of a cache would have cost
  token_usage saved_tokens; ///< likewise; of an equal call's answer too
  bool cached = false;
  /// How long the same answer may be given to the same question; 0: not at all.
  std::chrono::milliseconds good_for{0};
  error why; ///< set where status is timed_out, failed or cancelled
};

struct route_candidate {
  std::string agent;
  double score = 0;
  friend bool operator==(const route_candidate&, const route_candidate&) = default;
};

/// Why this agent answers.
struct route_choice {
  std::string agent;
  double score = 0;                 ///< 0 to 1
  std::string reason;               ///< "explicit", "pinned", "matched", "kept", "default"
  std::vector<std::string> matched; ///< the phrases, keywords and entities that counted
  std::vector<route_candidate> runners_up;
};

struct turn_timings {
  std::chrono::microseconds queue{0}; ///< accepted until the conversation took it up
  std::chrono::microseconds route{0};
  std::chrono::microseconds first_token{0}; ///< 0 where no token was streamed
  std::chrono::microseconds total{0};
};

struct turn_reply {
  std::string id; ///< the turn's id
  std::string conversation_id;
  turn_status status = turn_status::ok;
  std::string agent;
  route_choice route;
  std::string message;
  shared_list<product_card> products;
  shared_list<std::string> quick_replies;
  /// Numbers and findings that the agent's skills computed, as sentences.
  shared_list<std::string> facts;
  std::vector<part_report> parts;
  /// Why the model stopped ("stop", "length", "tool_calls"); empty where none was asked.
  std::string finish_reason;
  std::vector<tool_call> tool_calls; ///< what the model wants called; never of an agent's turn
  token_usage usage;
  usd cost;
  usd wasted;
  usd saved;
  turn_timings timings;
  bool cached = false;
  error why; ///< set where status is failed
};

} // namespace flipsync
