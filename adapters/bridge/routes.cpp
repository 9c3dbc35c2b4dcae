#include "adapters/bridge/routes.hpp"

#include <array>
#include <optional>

namespace flipsync {

namespace {

constexpr std::array<route, route_count - 1> table{{
  {route_id::index, http_method::get, "/", false, "this list"},
  {route_id::livez, http_method::get, "/livez", false, "alive"},
  {route_id::readyz, http_method::get, "/readyz", false, "ready for turns, else 503"},
  {route_id::health, http_method::get, "/health", false, "state of every component"},
  {route_id::metrics, http_method::get, "/metrics", false, "Prometheus text"},
  {route_id::agents, http_method::get, "/api/v1/agents", false, "the agents and their state"},
  {route_id::agent, http_method::get, "/api/v1/agents/{name}", false, "one agent"},
  {route_id::chat, http_method::post, "/api/v1/chat", true, "one turn, whole reply"},
  {route_id::chat_stream, http_method::post, "/api/v1/chat/stream", true,
   "one turn as server-sent events"},
}};

/// The path of a target: without query, and without scheme and host where a proxy's form is used.
std::string_view path_of(std::string_view target) {
  constexpr std::string_view scheme = "http://";
  if (target.substr(0, scheme.size()) == scheme) {
    const auto slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
  }
  return target.substr(0, target.find_first_of("?#"));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Undoes percent-encoding; nullopt where a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// The parameter (empty for a pattern without one) if the path fits the pattern.
std::optional<std::string> fit(std::string_view pattern, std::string_view path) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos)
    return pattern == path ? std::optional<std::string>{std::string{}} : std::nullopt;
  if (path.size() <= brace || path.substr(0, brace) != pattern.substr(0, brace))
    return std::nullopt;
  const auto segment = path.substr(brace);
  return segment.find('/') == std::string_view::npos ? percent_decode(segment) : std::nullopt;
}

} // namespace

std::span<const route> all_routes() noexcept { return table; }

route_match match_route(http_method method, std::string_view target) {
  const auto path = path_of(target);
  const auto wanted = method == http_method::head ? http_method::get : method;
  route_match result;
  for (const auto& entry : table) {
    auto parameter = fit(entry.pattern, path);
    if (!parameter)
      continue;
    if (entry.method == wanted)
      return {&entry, std::move(*parameter), {}};
    result.allow = entry.method == http_method::get ? "GET, HEAD" : "POST";
  }
  return result;
}

std::string_view name_of(route_id id) noexcept {
  const auto at = static_cast<std::size_t>(id);
  return at < table.size() ? table[at].pattern : std::string_view{"none"};
}

} // namespace flipsync
