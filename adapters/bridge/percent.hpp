#pragma once
/// Percent-encoding of URLs (RFC 3986, 2.1).

#include <optional>
#include <string>
#include <string_view>

namespace flipsync {

/// Undoes percent-encoding; nullopt where a percent sign is not followed by two hex digits.
/// `plus_is_blank`: as in a query string written by a form.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

} // namespace flipsync
