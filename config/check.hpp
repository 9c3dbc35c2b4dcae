#pragma once
/// What no option can say alone: that settings fit each other.

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::config {

/// One sentence per contradiction, naming the option; empty where all is well.
std::vector<std::string> contradictions(const settings& values);

/// Host and port of server.listen ("127.0.0.1:8080", "[::1]:0", "localhost:8080").
struct listen_address {
  std::string host; ///< without brackets
  std::uint16_t port = 0;
  friend bool operator==(const listen_address&, const listen_address&) = default;
};
/// Errors: invalid_request.
result<listen_address> parse_listen(std::string_view text);

/// True where openai can be asked: there is a key, or the address is another server's.
bool openai_configured(const openai_settings& openai);

/// The providers asked when the first is unavailable, in order, with "auto" resolved.
std::vector<std::string> fallback_chain(const settings& values);

/// The providers to build: primary, fallbacks and every other that is configured.
std::vector<std::string> configured_providers(const settings& values);

} // namespace flipsync::config
