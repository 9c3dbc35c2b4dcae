#pragma once
/// The body of a chat request to Ollama. For .cpp files only: Boost.JSON is heavy.

#include <boost/json.hpp>

#include "adapters/providers/ollama/ollama_provider.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// A tool choice, which Ollama does not know, becomes the tools it is offered: none, the named one,
/// or all; that a call was made is checked in the answer. Pure.
boost::json::object ollama_body(const model_request& request, const ollama_settings& settings);

} // namespace flipsync
