#pragma once
/// One connection's TLS between its socket's bytes and its session's. Knows no socket, so that the
/// connection reads and writes as it does without TLS.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/bridge/tls/tls_context.hpp"

struct ssl_st;

namespace flipsync {

class tls_channel {
public:
  enum class state : std::uint8_t {
    open,   ///< goes on; maybe still shaking hands
    ended,  ///< the peer has said that it sends no more
    failed, ///< `to_send` holds a last word, then the connection is over
  };

  explicit tls_channel(std::shared_ptr<const tls_context> with);
  ~tls_channel();
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  /// Takes in what the socket brought and appends what it says to `plain`.
  state receive(std::string_view from_socket, std::string& plain);
  /// Encrypts; it goes into `to_send`. Only once hands are shaken. False where TLS has failed.
  bool send(std::string_view plain);
  /// Says that no more will be sent.
  void close();

  /// What the socket is to send; its user takes from it.
  std::string& to_send() noexcept { return out_; }
  [[nodiscard]] bool established() const noexcept { return established_; }
  /// Why it failed, for logs; empty if it has not.
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

private:
  state shake_hands();
  state fail();
  /// Moves what OpenSSL wants sent to `out_`.
  void flush();

  std::shared_ptr<const tls_context> context_;
  ssl_st* ssl_;
  std::string out_;
  std::string why_;
  bool established_ = false;
  bool failed_ = false;
};

} // namespace flipsync
