#pragma once
/// Who carries an exchange: the client itself where neither TLS nor a proxy is needed, else
/// libcurl.

#include <ostream>

#include "adapters/http_client/http_client.hpp"
#include "tests/support/fake_http_server.hpp"

namespace flipsync::testing {

enum class carrier : std::uint8_t { ourselves, libcurl };

inline std::ostream& operator<<(std::ostream& out, carrier who) {
  return out << (who == carrier::libcurl ? "libcurl" : "ourselves");
}

/// A client that has its exchanges with `server` carried so: for libcurl's sake the server is its
/// own proxy, which gets whole addresses as targets.
inline std::shared_ptr<byte_exchange> client_by(carrier who, const fake_http_server& server,
                                                http_client_settings settings = {}) {
  if (who == carrier::libcurl)
    settings.proxy = server.url();
  return make_http_client(std::move(settings));
}

} // namespace flipsync::testing
