#pragma once
/// Stored conversations as they are shown: in pages, newest first.

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/core/types/turn_request.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync {

struct conversation_summary {
  std::string id;
  std::string customer_id; ///< empty where none was named
  audience who = audience::any;
  std::string agent; ///< who answered last; empty before the first turn
  wall_time begun_at{};
  wall_time last_at{};
  std::uint64_t messages = 0;
};

/// A page of conversations, the one begun last first.
struct conversation_page {
  std::vector<conversation_summary> items;
  std::uint64_t next = 0; ///< `before` of the next page; 0: this was the last
};

struct kept_message {
  std::uint64_t number = 0; ///< within its conversation, from 1
  std::string turn_id;
  std::string role; ///< "user" or "assistant"
  std::string text;
  std::string agent; ///< empty for the user's
  wall_time at{};
  std::vector<std::string> skus; ///< the products that the answer showed, or told of
};

/// A page of one conversation's messages, oldest first.
struct message_page {
  conversation_summary conversation;
  std::vector<kept_message> items;
  std::uint64_t next = 0; ///< `after` of the next page; 0: this was the last
};

} // namespace flipsync
