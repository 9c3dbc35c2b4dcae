#pragma once
/// What no option can say alone: that settings fit each other.

#include <optional>
#include <string>
#include <utility>
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

/// Calls `use(name, hosted_settings&)` for each provider in the cloud.
template <class Settings, class F>
void for_each_hosted(Settings& values, F&& use) {
  use("gemini", values.gemini);
  use("anthropic", values.anthropic);
  use("openai", values.openai);
}

/// True where that provider in the cloud is asked at its vendor's own host, however its address is
/// written; false for any other provider.
bool at_vendor(const settings& values, std::string_view provider);

/// True where that provider can be asked: ollama has an address; one in the cloud has a key, or a
/// host that is not the vendor's own. Offline always.
bool is_configured(const settings& values, std::string_view provider);

/// True for visible ASCII without blanks, as a key goes out in a header.
bool may_be_key(std::string_view text) noexcept;

/// Name and value of a header that an option gives as "NAME: VALUE"; nullopt for anything else.
std::optional<std::pair<std::string, std::string>> parse_header(std::string_view text);

/// The providers asked when the first is unavailable, in order, with "auto" resolved.
std::vector<std::string> fallback_chain(const settings& values);

/// The providers to build: primary, fallbacks and every other that is configured.
std::vector<std::string> configured_providers(const settings& values);

} // namespace flipsync::config
