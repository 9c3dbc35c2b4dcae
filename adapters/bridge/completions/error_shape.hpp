#pragma once
/// Errors in the form that clients of /v1 expect: {"error":{"message","type","param","code"}}.

#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync::completions {

/// The status that such clients expect: they pick their exception by it, and whether to try again.
int status_of(const error& why) noexcept;
/// Appends the object. `status` chooses the type; the code is of `why`. The provider's own reason
/// is part of the message.
void append_error(std::string& out, const error& why, int status);

} // namespace flipsync::completions
