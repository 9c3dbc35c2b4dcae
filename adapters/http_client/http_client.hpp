#pragma once
/// The HTTP client behind `byte_exchange`: one libcurl multi handle on an event loop, which has a
/// thread of its own or is the guest of another's (docs/adr/0028); connections are kept and shared
/// by everyone who uses the same client (PROVIDERS: libcurl). libcurl makes them all; exchanges
/// that need neither TLS nor a proxy are carried over them without it (docs/adr/0030).

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/shared_loop.hpp"

namespace flipsync {

struct http_client_settings {
  /// Connections open at once, and so exchanges under way; more wait their turn in the order of
  /// their start, with only their total timeout running. 1 to 10,000.
  std::size_t max_connections = 100;
  /// Connections kept open without an exchange. Beyond it the longest idle are closed, one whenever
  /// an exchange ends.
  std::size_t max_idle_connections = 50;
  /// As many as were in use at once within the last one to two of these spans are kept, if that is
  /// more (docs/adr/0025).
  std::chrono::milliseconds keep_used{10'000};
  /// Exchanges that may wait for a connection; more are refused with errc::overloaded.
  std::size_t max_waiting = 10000;
  /// File with the certificates to trust (PEM); empty: the system's. Certificates are always
  /// checked.
  std::string ca_file;
  /// Proxy to go through, e.g. "http://proxy:3128"; empty: none, whatever the environment says,
  /// since local model servers must not be looked for behind a proxy.
  std::string proxy;
  /// "NAME:PASSWORD" for the proxy, where it wants one; the name has no colon. Basic over HTTP.
  std::string proxy_login;
  /// Hosts that are reached without it, separated by commas, as CURLOPT_NOPROXY takes them.
  std::string no_proxy;
  /// Empty: "flipsync/<version>".
  std::string user_agent;
};

/// Thread-safe. Where a host is there by `shared` at the first exchange, it drives the client;
/// where none is, or once it has closed, a thread of the client's own does. The last owner's
/// release ends it: exchanges still under way finish with errc::shutting_down, soon on a host's
/// thread, and before the release returns on the client's own (released from within an observer,
/// soon as well). Errors of libcurl's set-up are reported by every exchange.
std::shared_ptr<byte_exchange> make_http_client(http_client_settings settings = {},
                                                std::shared_ptr<shared_loop> shared = nullptr);

} // namespace flipsync
