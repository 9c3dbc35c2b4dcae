#include "runtime/core/cache/digest.hpp"

#include <blake3.h>

#include <bit>

namespace flipsync {

digest256 blake3_of(std::string_view bytes) noexcept {
  digest256 out;
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  blake3_hasher_update(&hasher, bytes.data(), bytes.size());
  blake3_hasher_finalize(&hasher, out.bytes.data(), out.bytes.size());
  return out;
}

std::string hex_of(const digest256& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * digest.bytes.size());
  for (const auto byte : digest.bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

canonical_text& canonical_text::number(std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) // the same on every machine
    bytes_ += static_cast<char>((value >> shift) & 0xff);
  return *this;
}

canonical_text& canonical_text::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
  return *this;
}

canonical_text& canonical_text::real(double value) {
  return number(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value)); // -0 is 0
}

canonical_text& canonical_text::real(const std::optional<double>& value) {
  number(std::uint64_t{value.has_value()});
  return value ? real(*value) : *this;
}

} // namespace flipsync
