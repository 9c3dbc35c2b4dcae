#pragma once
/// Where an exchange goes that needs neither TLS nor a proxy.

#include <optional>
#include <string>

namespace flipsync::http {

struct plain_target {
  std::string origin;     ///< connections of the same "host:port" are interchangeable
  std::string host_field; ///< what the Host header says
  std::string path;       ///< with the query; "/" at least
};

/// Nothing where libcurl has to see the whole address: another scheme, a user's name in it, a host
/// beyond ASCII, and whatever is no address at all.
std::optional<plain_target> plain_target_of(const std::string& url);

} // namespace flipsync::http
