#pragma once
/// What a Content-Type or an Accept header says.

#include <string_view>

namespace flipsync {

/// An ASCII letter in lower case, anything else as it is: headers' words are compared so.
constexpr char lower_ascii(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// application/json or a type ending in +json, in UTF-8 where it names a charset.
bool is_json(std::string_view content_type) noexcept;
/// Whether an Accept header names this very type ("text/html"), and not with a quality of 0. Ranges
/// such as */*, which clients send that take anything, do not count.
bool names_type(std::string_view accept, std::string_view type) noexcept;

/// Whether an Accept header names application/json before any text.
bool wants_json(std::string_view accept) noexcept;

} // namespace flipsync
