#pragma once
/// Addresses of providers.

#include <string>
#include <string_view>

namespace flipsync::providers {

/// The base URL without a slash at its end, and with `version` ("/v1") where the user left the path
/// out. Pure.
std::string versioned_url(std::string_view base, std::string_view version);

/// `text` as a part of a path or a query, percent-encoded where it must be; `/` and `:` are kept if
/// `in_path`. Pure.
std::string url_part(std::string_view text, bool in_path = false);

} // namespace flipsync::providers
