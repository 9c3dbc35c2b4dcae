#include "config/check.hpp"

#include <algorithm>
#include <charconv>

#include "config/access_options.hpp"

namespace flipsync::config {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_url(std::string_view text) {
  return (text.starts_with("http://") && text.size() > 7)
         || (text.starts_with("https://") && text.size() > 8);
}

void check_fallbacks(const settings& values, std::vector<std::string>& out) {
  for (const auto& name : values.models.fallbacks) {
    if (name == "offline")
      out.emplace_back(
        "models.fallbacks: offline is no fallback: answers made without a model never "
        "stand in silently for a provider that failed; make it models.provider");
    else if (name != "auto" && name != "ollama" && name != "openai")
      out.push_back("models.fallbacks: '" + name + "' is not known; allowed: auto, ollama, openai");
  }
}

void check_openai(const settings& values, std::vector<std::string>& out) {
  if (!is_url(values.openai.base_url))
    out.emplace_back("openai.base_url: it begins with http:// or https://");
  const bool named =
    values.models.provider == "openai" || contains(values.models.fallbacks, "openai");
  if (named && !openai_configured(values.openai))
    out.emplace_back(
      "openai.api_key: the provider openai needs a key: set OPENAI_API_KEY, or name a "
      "file that holds it by openai.api_key_file");
}

} // namespace

std::vector<std::string> contradictions(const settings& values) {
  std::vector<std::string> out;
  if (auto address = parse_listen(values.server.listen); !address)
    out.push_back(address.error().message);
  check_access(values, out);
  check_fallbacks(values, out);
  check_openai(values, out);
  if (values.ollama.host.find_first_of(" \t\r\n,") != std::string::npos)
    out.push_back("ollama.host: '" + values.ollama.host + "' is no address");
  if (values.ollama.model.empty())
    out.emplace_back("ollama.model: it needs a model's name");
  if (values.openai.model.empty())
    out.emplace_back("openai.model: it needs a model's name");
  if (values.session.gone_after <= values.session.ping_interval)
    out.emplace_back("session.gone_after: it must be longer than session.ping_interval");
  if (values.session.max_log > values.session.max_buffered)
    out.emplace_back("session.max_log: it must not be larger than session.max_buffered");
  if (values.models.retry_cap < values.models.retry_base)
    out.emplace_back("models.retry_cap: it is not shorter than models.retry_base");
  return out;
}

result<listen_address> parse_listen(std::string_view text) {
  const error wrong{errc::invalid_request,
                    "server.listen: '" + std::string{text}
                      + "' is no address; allowed: HOST:PORT, where HOST is an "
                        "IP address or localhost ([::1]:8080 for IPv6)"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return wrong;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  listen_address out;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (code != std::errc{} || end != digits.data() + digits.size())
    return wrong;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("[]") != std::string_view::npos
      || bracketed != (host.find(':') != std::string_view::npos))
    return wrong;
  out.host = host;
  return out;
}

bool openai_configured(const openai_settings& openai) {
  return !openai.api_key.empty() || openai.base_url != openai_settings{}.base_url;
}

std::vector<std::string> fallback_chain(const settings& values) {
  if (values.models.provider == "offline")
    return {}; // it cannot be unavailable
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (name != values.models.provider && !contains(out, name))
      out.push_back(name);
  };
  // A local ollama comes first, except in production, where it is the emergency backup.
  const bool production = values.profile == "production";
  for (const auto& name : values.models.fallbacks) {
    if (name != "auto") {
      add(name);
      continue;
    }
    if (!values.ollama.host.empty() && !production)
      add("ollama");
    if (openai_configured(values.openai))
      add("openai");
    if (!values.ollama.host.empty() && production)
      add("ollama");
  }
  return out;
}

std::vector<std::string> configured_providers(const settings& values) {
  std::vector<std::string> out{values.models.provider};
  for (auto& name : fallback_chain(values))
    out.push_back(std::move(name));
  if (!values.ollama.host.empty() && !contains(out, "ollama"))
    out.emplace_back("ollama");
  if (openai_configured(values.openai) && !contains(out, "openai"))
    out.emplace_back("openai");
  if (!contains(out, "offline"))
    out.emplace_back("offline");
  return out;
}

} // namespace flipsync::config
