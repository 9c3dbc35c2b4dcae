#pragma once
/// What a model request must keep to whatever vendor gets it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::providers {

/// Ok, or invalid_request with details["field"]: a tool without a proper or with a double name,
/// parameters or a schema that are no JSON object, a choice among no tools or of an unknown one, an
/// answer to a call that no message before it makes. Pure.
result<void> fault_of(const model_request& request);

/// The name of the tool whose call `request.messages[at]` (role tool) answers; empty if there is
/// none. Pure.
std::string_view called_tool(const model_request& request, std::size_t at);

/// The places of all messages as they are to be sent where an answer has no id and belongs to its
/// call by its place: the answers that follow an assistant's message in the order of its calls,
/// everything else as it is. Pure.
std::vector<std::size_t> in_order_of_calls(const model_request& request);

/// The id as a vendor takes it: `id` itself where it has at most `longest` bytes, all of them in
/// [A-Za-z0-9_-], else one of 20 bytes that only depends on it. Another vendor may have made it.
/// Pure.
std::string portable_id(std::string_view id, std::size_t longest);

/// The text of all messages of role system, with an empty line between two. For vendors whose
/// protocol keeps it apart. Pure.
std::string system_text(const model_request& request);

/// Their sum, at most the largest count there is.
std::uint32_t plus(std::uint32_t tokens, std::uint32_t more) noexcept;

} // namespace flipsync::providers
