#pragma once
/// API keys as they are stored and compared: never themselves, only their hash. A key is 256 random
/// bits, so that a plain fast hash is enough (docs/adr/0010).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync {

/// BLAKE3 of a key.
struct key_digest {
  std::array<std::uint8_t, 32> bytes{};
};

key_digest digest_of(std::string_view key) noexcept;

/// Takes the same time wherever the two differ.
bool same(const key_digest& a, const key_digest& b) noexcept;

/// 64 lower-case hexadecimal digits.
std::string to_hex(const key_digest& digest);
/// The inverse of to_hex, in upper case too; nullopt for anything else.
std::optional<key_digest> digest_from_hex(std::string_view text) noexcept;

/// A fresh secret: the prefix and 52 characters of base 32, 256 bits from the operating system.
/// Errors: internal where it has none.
result<std::string> mint_secret(std::string_view prefix);

} // namespace flipsync
