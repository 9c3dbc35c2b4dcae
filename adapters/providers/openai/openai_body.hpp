#pragma once
/// The body of a chat completions request.

#include <string>

#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// `model` is the one that answers. JSON; written at once, without a tree, since each turn's call
/// has one. Pure.
std::string openai_body(const model_request& request, const std::string& model);

} // namespace flipsync
