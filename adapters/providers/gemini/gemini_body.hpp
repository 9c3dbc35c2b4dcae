#pragma once
/// The body of a generateContent request. For .cpp files only: Boost.JSON is heavy.

#include <boost/json.hpp>

#include "adapters/providers/gemini/gemini_provider.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// Calls go without ids, which the protocol leaves open: it pairs calls and answers by name and
/// order. Pure.
boost::json::object gemini_body(const model_request& request, const gemini_settings& settings);

/// The answer's limit with room for what the model thinks; nullopt: none. Pure.
std::optional<std::uint32_t> gemini_max_tokens(const model_request& request,
                                               const gemini_settings& settings);

} // namespace flipsync
