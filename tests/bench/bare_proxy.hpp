#pragma once
/// The least that a proxy of the same two libraries does: a Beast server that hands each request's
/// body to the HTTP client and writes what comes back. No routing, no JSON, no limits, no actors.

#include <cstdint>
#include <memory>
#include <string>

namespace flipsync::bench {

class bare_proxy {
public:
  /// `url`: where every request goes.
  explicit bare_proxy(const std::string& url);
  ~bare_proxy();
  bare_proxy(const bare_proxy&) = delete;
  bare_proxy& operator=(const bare_proxy&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace flipsync::bench
