#pragma once
/// The Date header's value.

#include <ctime>
#include <string>
#include <string_view>

namespace flipsync {

/// IMF-fixdate (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::time_t at);
/// Now; made once a second per thread. The view lives until the thread's next call.
std::string_view http_date_now();

} // namespace flipsync
