#include "adapters/bridge/cache_wish.hpp"

#include "runtime/core/text/ascii.hpp"

namespace flipsync {

result<cache_use> cache_wish_of(const http_request& request) {
  if (!request.cache_wish.empty()) {
    const auto wish = ascii_lower(request.cache_wish);
    if (wish == "yes")
      return cache_use::asked;
    if (wish == "no")
      return cache_use::refused;
    return error{errc::invalid_request, "X-FlipSync-Cache is yes or no"}.with("field",
                                                                              "x-flipsync-cache");
  }
  if (request.cache_control.empty())
    return cache_use::by_rule;
  const auto control = ascii_lower(request.cache_control);
  const bool refused =
    control.find("no-cache") != std::string::npos || control.find("no-store") != std::string::npos;
  return refused ? cache_use::refused : cache_use::by_rule;
}

} // namespace flipsync
