#pragma once
/// The other side of a tls_channel, without sockets.

#include <memory>
#include <string>
#include <string_view>

namespace flipsync::testing {

class tls_client {
public:
  /// `highest`: the newest protocol it speaks, as OpenSSL numbers them; 0 for its own newest.
  explicit tls_client(int highest = 0);
  ~tls_client();
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  /// Takes in what the server sent, and goes on with the handshake. False once it has failed.
  bool receive(std::string_view from_server);
  void send(std::string_view plain);
  /// Says that no more will come.
  void close();
  /// What the server is to be given now.
  std::string take_output();

  [[nodiscard]] bool established() const noexcept;
  /// Plain text that has come.
  [[nodiscard]] const std::string& heard() const noexcept;
  /// True once the server has said that no more will come.
  [[nodiscard]] bool ended() const noexcept;
  [[nodiscard]] std::string protocol() const;
  [[nodiscard]] std::string alpn() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace flipsync::testing
