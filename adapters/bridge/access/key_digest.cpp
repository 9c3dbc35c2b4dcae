#include "adapters/bridge/access/key_digest.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "runtime/core/cache/digest.hpp"

namespace flipsync {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Five bits a character; the last one holds what is left.
std::string base32(const std::array<std::uint8_t, 32>& bytes) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5)
      out += alphabet[(held >> (bits - 5)) & 31];
  }
  if (bits > 0)
    out += alphabet[(held << (5 - bits)) & 31];
  return out;
}

} // namespace

key_digest digest_of(std::string_view key) noexcept { return {blake3_of(key).bytes}; }

bool same(const key_digest& a, const key_digest& b) noexcept {
  // Volatile keeps the compiler from stopping at the first difference.
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.bytes.size(); ++i)
    difference = static_cast<std::uint8_t>(difference | (a.bytes[i] ^ b.bytes[i]));
  return difference == 0;
}

std::string to_hex(const key_digest& digest) { return hex_of(digest256{digest.bytes}); }

std::optional<key_digest> digest_from_hex(std::string_view text) noexcept {
  key_digest out;
  if (text.size() != 2 * out.bytes.size())
    return std::nullopt;
  for (std::size_t i = 0; i < out.bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

result<std::string> mint_secret(std::string_view prefix) {
  std::array<std::uint8_t, 32> bytes{};
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = ::getrandom(bytes.data() + have, bytes.size() - have, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return error{errc::internal,
                   std::string{"the system gives no random bytes: "} + std::strerror(errno)};
    have += static_cast<std::size_t>(got);
  }
  return std::string{prefix} + base32(bytes);
}

} // namespace flipsync
