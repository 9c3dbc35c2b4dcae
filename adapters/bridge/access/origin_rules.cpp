#include "adapters/bridge/access/origin_rules.hpp"

#include <algorithm>

namespace flipsync {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool contains(const std::vector<std::string>& all, std::string_view text) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// "example.com" of "example.com:8080", "[::1]" of "[::1]:8080".
std::string_view without_port(std::string_view host) {
  if (!host.empty() && host.front() == '[')
    return host.substr(0, host.find(']') + 1); // npos + 1 is 0: nothing, which is never allowed
  return host.substr(0, host.find(':'));
}

/// An origin leaves its scheme's usual port out, a Host header may not.
std::string_view without_port_of(std::string_view scheme, std::string_view host) {
  const std::string_view usual = scheme == "https" ? ":443" : ":80";
  return host.ends_with(usual) ? host.substr(0, host.size() - usual.size()) : host;
}

} // namespace

origin_rules::origin_rules(origin_settings settings) : settings_{std::move(settings)} {
  for (auto* list : {&settings_.origins, &settings_.hosts})
    for (auto& text : *list)
      text = lowered(text);
}

bool origin_rules::host_allowed(std::string_view host) const {
  if (!settings_.loopback)
    return true;
  const auto name = lowered(without_port(host));
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]"
         || contains(settings_.hosts, name);
}

bool origin_rules::listed(std::string_view origin) const {
  return contains(settings_.origins, "*") || contains(settings_.origins, lowered(origin));
}

bool origin_rules::own(std::string_view origin, std::string_view host) const {
  const auto text = lowered(origin);
  const auto colon = text.find("://");
  if (colon == std::string::npos || host.empty())
    return false;
  const auto scheme = std::string_view{text}.substr(0, colon);
  // Behind a proxy that ends the encryption, the page's https is our http.
  if (scheme != "https" && (scheme != "http" || settings_.secure))
    return false;
  return without_port_of(scheme, std::string_view{text}.substr(colon + 3))
         == without_port_of(scheme, lowered(host));
}

bool is_origin(std::string_view text) noexcept {
  if (text == "*")
    return true;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0)
    return false;
  const auto host = text.substr(colon + 3);
  return !host.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';';
  }) && host.find_first_of("/?#@") == std::string_view::npos;
}

} // namespace flipsync
