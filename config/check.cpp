#include "config/check.hpp"

#include <algorithm>
#include <charconv>

#include "config/access_options.hpp"

namespace flipsync::config {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Providers that a call leaves the process for, in the order in which they stand in for others.
const std::vector<std::string> online{"ollama", "gemini", "anthropic", "openai"};

bool is_url(std::string_view text) {
  return (text.starts_with("http://") && text.size() > 7)
         || (text.starts_with("https://") && text.size() > 8);
}

/// The host that a URL names, in lower case and without its port: "api.openai.com".
std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  url.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  std::string host{url.substr(0, url.find_first_of(":/?#"))};
  if (host.ends_with('.')) // which is the same name
    host.pop_back();
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return host;
}

void check_fallbacks(const settings& values, std::vector<std::string>& out) {
  for (const auto& name : values.models.fallbacks) {
    if (name == "offline")
      out.emplace_back(
        "models.fallbacks: offline is no fallback: answers made without a model never "
        "stand in silently for a provider that failed; make it models.provider");
    else if (name != "auto" && !contains(online, name))
      out.push_back("models.fallbacks: '" + name
                    + "' is not known; allowed: auto, ollama, gemini, anthropic, openai");
  }
}

constexpr std::size_t most_keys = 32;

/// Keys are named by their places, and never shown.
void check_keys(const std::string& provider, const std::vector<std::string>& keys,
                std::vector<std::string>& out) {
  const auto option = provider + ".api_key: ";
  if (keys.size() > most_keys)
    out.push_back(option + "at most " + std::to_string(most_keys) + " keys are taken");
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    const auto name = [&](auto which) { return "key " + std::to_string(which - keys.begin() + 1); };
    if (!may_be_key(*key))
      out.push_back(option + name(key) + " has blanks or other signs that no key has");
    else if (const auto twin = std::find(keys.begin(), key, *key); twin != key)
      out.push_back(option + name(key) + " is the same as " + name(twin));
  }
}

/// The address's own words may hold a password, and are not repeated.
bool has_login(std::string_view address) { return address.find('@') != std::string_view::npos; }

void check_hosted(const settings& values, const std::string& name, const hosted_settings& hosted,
                  std::vector<std::string>& out) {
  if (!is_url(hosted.base_url))
    out.push_back(name + ".base_url: it begins with http:// or https://");
  if (has_login(hosted.base_url))
    out.push_back(name + ".base_url: it has no @, and no name and password, which " + name
                  + ".headers is for");
  if (hosted.model.empty())
    out.push_back(name + ".model: it needs a model's name");
  for (std::size_t i = 0; i < hosted.headers.size(); ++i)
    if (!parse_header(hosted.headers[i])) // which may be a secret
      out.push_back(name + ".headers: entry " + std::to_string(i + 1) + " is not NAME: VALUE");
  check_keys(name, hosted.api_keys, out);
  const bool named = values.models.provider == name || contains(values.models.fallbacks, name);
  if (named && !is_configured(values, name)) {
    std::string variable = name + "_API_KEY";
    std::transform(variable.begin(), variable.end(), variable.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    out.push_back(name + ".api_key: the provider " + name + " needs a key: set " + variable
                  + ", or name a file that holds it by " + name + ".api_key_file");
  }
}

/// The proxy's own words may hold a password, and are not repeated.
void check_proxy(const models_settings& models, std::vector<std::string>& out) {
  const std::string_view proxy = models.proxy;
  const auto scheme = proxy.find("://");
  const auto known = {"http", "https", "socks5", "socks5h"};
  if (!proxy.empty()
      && (scheme == std::string_view::npos || scheme + 3 == proxy.size()
          || std::find(known.begin(), known.end(), proxy.substr(0, scheme)) == known.end()
          || proxy.find_first_of("@ \t\r\n,") != std::string_view::npos))
    out.emplace_back(
      "models.proxy: it is SCHEME://HOST:PORT with http, https, socks5 or socks5h, and "
      "without a name and password, which models.proxy_login is for");
  const auto& login = models.proxy_login;
  const auto colon = login.find(':');
  if (!login.empty()
      && (colon == 0 || colon == std::string::npos
          || std::any_of(login.begin(), login.end(), [](unsigned char c) { return c < ' '; })))
    out.emplace_back("models.proxy_login: it is not NAME:PASSWORD");
  if (!login.empty() && proxy.empty())
    out.emplace_back("models.proxy_login: there is no models.proxy that it is for");
  for (const auto& host : models.no_proxy)
    if (host.empty() || host.find_first_of("/@ \t\r\n,") != std::string::npos)
      out.push_back("models.no_proxy: '" + host + "' is no host");
}

} // namespace

std::vector<std::string> contradictions(const settings& values) {
  std::vector<std::string> out;
  check_proxy(values.models, out);
  if (auto address = parse_listen(values.server.listen); !address)
    out.push_back(address.error().message);
  check_access(values, out);
  check_fallbacks(values, out);
  for_each_hosted(values, [&](const std::string& name, const hosted_settings& hosted) {
    check_hosted(values, name, hosted, out);
  });
  if (has_login(values.ollama.host))
    out.emplace_back("ollama.host: it has no @, and no name and password; a server that asks for "
                     "them is reached by openai.base_url and openai.headers");
  else if (values.ollama.host.find_first_of(" \t\r\n,") != std::string::npos)
    out.push_back("ollama.host: '" + values.ollama.host + "' is no address");
  if (values.ollama.model.empty())
    out.emplace_back("ollama.model: it needs a model's name");
  if (values.session.gone_after <= values.session.ping_interval)
    out.emplace_back("session.gone_after: it must be longer than session.ping_interval");
  if (values.session.max_log > values.session.max_buffered)
    out.emplace_back("session.max_log: it must not be larger than session.max_buffered");
  if (values.models.retry_cap < values.models.retry_base)
    out.emplace_back("models.retry_cap: it must not be shorter than models.retry_base");
  const auto& stop = values.models.fast_stop;
  if (stop.size() > 4 || contains(stop, ""))
    out.emplace_back("models.fast_stop: it lists at most 4 texts, none of them empty");
  if (values.models.fast_num_ctx > 0 && values.models.fast_num_ctx < 128)
    out.emplace_back("models.fast_num_ctx: it is 0 or at least 128");
  if (values.cache.warm.size() > 100)
    out.emplace_back("cache.warm: it lists at most 100 messages");
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

bool at_vendor(const settings& values, std::string_view provider) {
  const settings usual;
  bool found = false;
  const auto look = [&](std::string_view name, const hosted_settings& own,
                        const hosted_settings& vendors) {
    found = found || (name == provider && host_of(own.base_url) == host_of(vendors.base_url));
  };
  look("openai", values.openai, usual.openai);
  look("anthropic", values.anthropic, usual.anthropic);
  look("gemini", values.gemini, usual.gemini);
  return found;
}

bool is_configured(const settings& values, std::string_view provider) {
  if (provider == "ollama")
    return !values.ollama.host.empty();
  bool found = provider == "offline";
  for_each_hosted(values, [&](std::string_view name, const hosted_settings& own) {
    if (name == provider)
      found = !own.api_keys.empty() || !at_vendor(values, name);
  });
  return found;
}

bool may_be_key(std::string_view text) noexcept {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::pair<std::string, std::string>> parse_header(std::string_view text) {
  constexpr std::string_view token =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos)
    return std::nullopt;
  const auto name = text.substr(0, colon);
  auto value = text.substr(colon + 1);
  while (value.starts_with(' '))
    value.remove_prefix(1);
  while (value.ends_with(' '))
    value.remove_suffix(1);
  const bool sound = std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
  if (value.empty() || !sound || name.find_first_not_of(token) != std::string_view::npos)
    return std::nullopt;
  return std::pair{std::string{name}, std::string{value}};
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
  auto order = online;
  if (values.profile == "production")
    std::rotate(order.begin(), order.begin() + 1, order.end());
  for (const auto& name : values.models.fallbacks) {
    if (name != "auto") {
      add(name);
      continue;
    }
    for (const auto& other : order)
      if (is_configured(values, other))
        add(other);
  }
  return out;
}

std::vector<std::string> configured_providers(const settings& values) {
  std::vector<std::string> out{values.models.provider};
  for (auto& name : fallback_chain(values))
    out.push_back(std::move(name));
  for (const auto& name : online)
    if (is_configured(values, name) && !contains(out, name))
      out.push_back(name);
  if (!contains(out, "offline"))
    out.emplace_back("offline");
  return out;
}

} // namespace flipsync::config
