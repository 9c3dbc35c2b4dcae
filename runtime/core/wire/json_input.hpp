#pragma once
/// What the readers of JSON bodies and frames share. Includes simdjson: for sources of this folder
/// only.

#include <simdjson.h>

#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync::wire {

/// Names come from the caller: a long one is cut, and one that is empty names nothing.
error wrong_field(std::string_view field, std::string message);
/// "`field` must be `wanted`".
error wrong_type(std::string_view field, const char* wanted);

/// Parses an object nested at most 16 levels deep. `whole` is what to call it where the fault is
/// not one member's. The object lives until the calling thread parses again. Errors:
/// invalid_request naming the member that is broken.
result<simdjson::dom::object> parse_object(std::string_view json, const char* whole);

} // namespace flipsync::wire
