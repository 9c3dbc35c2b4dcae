#pragma once
/// The body of a chat completions request. For .cpp files only: Boost.JSON is heavy.

#include <boost/json.hpp>

#include <string>

#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// `model` is the one that answers. Pure.
boost::json::object openai_body(const model_request& request, const std::string& model);

} // namespace flipsync
