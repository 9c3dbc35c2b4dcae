#pragma once
/// libcurl's results as our errors.

#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync::http {

/// The error for a CURLcode that is not CURLE_OK. `phase` is where the exchange was (connect, head
/// or body); `words` is libcurl's error buffer, used only to tell broken framing from a broken
/// connection, and what is wrong with a certificate. The message holds no address and no header.
/// Pure.
error error_of(int curl_code, std::string_view phase, std::string_view words);

} // namespace flipsync::http
