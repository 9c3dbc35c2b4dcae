#pragma once
/// A blocking WebSocket client for tests of servers, so plain that it can also send what no client
/// should. Header-only.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/raw_http.hpp"

namespace flipsync::testing {

struct ws_frame {
  int opcode = 0; ///< 1 text, 2 binary, 8 close, 9 ping, 10 pong
  std::string payload;
  /// Of a close frame; 0 if it has none.
  [[nodiscard]] int code() const {
    if (opcode != 8 || payload.size() < 2)
      return 0;
    return (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]);
  }
};

/// The bytes of a client's frame, masked as clients must.
inline std::string client_frame_bytes(int opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    const bool wide = payload.size() > 0xffff;
    out += static_cast<char>(0x80 | (wide ? 127 : 126));
    for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8)
      out += static_cast<char>((payload.size() >> shift) & 0xff);
  }
  constexpr std::string_view mask{"\x11\x22\x33\x44", 4};
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

/// The request that opens a WebSocket.
inline std::string upgrade_request(const std::string& target) {
  return "GET " + target
         + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

/// One WebSocket to 127.0.0.1. Every call throws when nothing happens for 20 s.
class raw_websocket {
public:
  /// Throws unless the server answers 101. `first` is sent in one piece with the request.
  raw_websocket(raw_http connection, const std::string& target, std::string_view first = {})
    : connection_{std::move(connection)} {
    connection_.send(upgrade_request(target) + std::string{first});
    head = connection_.read_head();
    if (head.status != 101)
      throw std::runtime_error{"no upgrade: " + std::to_string(head.status)};
  }

  bool send(std::string_view text, int opcode = 1) {
    return connection_.send(client_frame_bytes(opcode, text));
  }
  ws_frame read() {
    const auto start = connection_.read_bytes(2);
    auto size = static_cast<std::uint64_t>(static_cast<unsigned char>(start[1]) & 0x7f);
    if (size > 125) {
      const auto bytes = connection_.read_bytes(size == 126 ? 2 : 8);
      size = 0;
      for (const auto byte : bytes)
        size = (size << 8) | static_cast<unsigned char>(byte);
    }
    return {start[0] & 0x0f, connection_.read_bytes(size)};
  }
  /// The next text frame; pings are passed over.
  std::string text() {
    for (;;) {
      auto frame = read();
      if (frame.opcode == 1)
        return std::move(frame.payload);
      if (frame.opcode == 8)
        throw std::runtime_error{"closed with " + std::to_string(frame.code())};
    }
  }
  /// The code of the close frame, passing over what comes before it.
  int close_code() {
    for (;;)
      if (const auto frame = read(); frame.opcode == 8)
        return frame.code();
  }
  raw_http& connection() noexcept { return connection_; }

  raw_response head;

private:
  raw_http connection_;
};

} // namespace flipsync::testing
