#pragma once
/// JSON bodies of requests other than turns.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/conversation_page.hpp"

namespace flipsync {

/// {"customer_id","audience"}, both optional; an empty body is one without them. Errors:
/// invalid_request with `field`.
result<conversation_summary> parse_new_conversation(std::string_view json);

struct tutor_request {
  turn_request turn;
  std::string context; ///< as sent, to be given back
};
/// {"message","context","scenario","conversation_history":[{"role","content"}],"agent"}. Errors:
/// invalid_request with `field`.
result<tutor_request> parse_tutor_request(std::string_view json);

struct warming_request {
  std::vector<std::string> messages; ///< each such as a turn takes
  audience who = audience::any;
};
/// {"messages":["…"],"audience"}, 1 to `most` messages. Errors: invalid_request with `field`.
result<warming_request> parse_warming(std::string_view json, std::size_t most);

} // namespace flipsync
