#pragma once
/// Reads the messages of a request. Internal to the reading of requests.

#include "adapters/bridge/completions/json_fields.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync::completions {

/// Errors: invalid_request naming the message and its field.
result<std::vector<chat_message>> read_messages(const std::string& field, dom::element value);

} // namespace flipsync::completions
