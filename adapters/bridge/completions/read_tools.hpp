#pragma once
/// Reads what a request says of tools and of the answer's form. Internal to the reading of
/// requests.

#include "adapters/bridge/completions/json_fields.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync::completions {

/// Errors of all: invalid_request naming the field.
result<std::vector<tool_spec>> read_tools(const std::string& field, dom::element value);
result<tool_choice> read_choice(const std::string& field, dom::element value);
result<answer_format> read_format(const std::string& field, dom::element value);

} // namespace flipsync::completions
