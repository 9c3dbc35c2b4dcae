#pragma once
/// What a Content-Type says.

#include <string_view>

namespace flipsync {

/// application/json or a type ending in +json, in UTF-8 where it names a charset.
bool is_json(std::string_view content_type) noexcept;

} // namespace flipsync
