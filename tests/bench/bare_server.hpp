#pragma once
/// The least that a Beast server does: read a request, write a fixed body. One I/O thread.

#include <cstdint>
#include <memory>
#include <string>

namespace flipsync::bench {

class bare_server {
public:
  explicit bare_server(std::string body);
  ~bare_server();
  bare_server(const bare_server&) = delete;
  bare_server& operator=(const bare_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace flipsync::bench
