#include "adapters/providers/common/url.hpp"

namespace flipsync::providers {

std::string versioned_url(std::string_view base, std::string_view version) {
  while (base.ends_with('/'))
    base.remove_suffix(1);
  const auto scheme_end = base.find("://");
  const auto host = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  std::string url{base};
  if (base.find('/', host) == std::string_view::npos)
    url += version;
  return url;
}

std::string url_part(std::string_view text, bool in_path) {
  constexpr std::string_view plain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos || (in_path && (c == '/' || c == ':'))) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4U];
    out += hex[byte & 15U];
  }
  return out;
}

} // namespace flipsync::providers
