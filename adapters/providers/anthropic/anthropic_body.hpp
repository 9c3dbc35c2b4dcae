#pragma once
/// The body of a request for a message. For .cpp files only: Boost.JSON is heavy.

#include <boost/json.hpp>

#include "adapters/providers/anthropic/anthropic_provider.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// What the protocol or the model has no parameter for is put in another way:
/// - A JSON object without a schema is asked for in words.
/// - A call that models which think cannot be forced to make is asked for in words, among the named
///   tool alone if there is one.
/// - A schema's objects are closed ("additionalProperties": false), as the vendor wants them.
/// That the answer keeps to it is checked in the answer. Seed and penalties do not exist. Pure.
boost::json::object anthropic_body(const model_request& request,
                                   const anthropic_settings& settings);

/// The answer's limit with room for what the model thinks. Pure.
std::uint32_t anthropic_max_tokens(const model_request& request,
                                   const anthropic_settings& settings);

} // namespace flipsync
