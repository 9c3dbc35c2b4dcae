#pragma once
/// Where a Redis is and how to be let in.

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync {

struct redis_address {
  std::string host;
  std::uint16_t port = 6379;
  std::string user;
  std::string password; ///< secret
  std::uint32_t database = 0;
};

/// Reads redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]; user and password percent-encoded where
/// needed, an IPv6 host in brackets. Errors: invalid_request, which repeats nothing of the text.
result<redis_address> parse_redis_url(std::string_view url);

} // namespace flipsync
