#pragma once
/// The table of routes: what the door offers, and how a request finds it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/bridge/http_parser.hpp"

namespace flipsync {

enum class route_id : std::uint8_t {
  index,
  livez,
  readyz,
  health,
  metrics,
  agents,
  agent,
  chat,
  chat_stream,
  none, ///< no route: what fails before or at routing is counted here
};
inline constexpr std::size_t route_count = static_cast<std::size_t>(route_id::none) + 1;

struct route {
  route_id id;
  http_method method; ///< a GET route also answers HEAD
  /// A last segment `{name}` matches any one segment.
  std::string_view pattern;
  bool takes_json; ///< the body must be JSON
  std::string_view summary;
};

std::span<const route> all_routes() noexcept;

struct route_match {
  const route* found = nullptr;
  std::string parameter;  ///< what stood for `{name}`, percent-decoded
  std::string_view allow; ///< set where only the method is wrong: the methods that are right
};

/// Finds the route of a request target (path with or without a query, or an absolute URL).
route_match match_route(http_method method, std::string_view target);
/// The pattern, for metrics; "none" for route_id::none.
std::string_view name_of(route_id id) noexcept;

} // namespace flipsync
