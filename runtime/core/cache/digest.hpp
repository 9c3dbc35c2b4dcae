#pragma once
/// What caches find their entries by: BLAKE3 of a canonical text.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace flipsync {

struct digest256 {
  std::array<std::uint8_t, 32> bytes{};
  friend bool operator==(const digest256&, const digest256&) = default;
};

/// Its bytes are as good as random, so that any eight of them hash it.
struct digest_hash {
  std::size_t operator()(const digest256& digest) const noexcept {
    std::uint64_t first = 0;
    std::memcpy(&first, digest.bytes.data(), sizeof first);
    return static_cast<std::size_t>(first);
  }
};

digest256 blake3_of(std::string_view bytes) noexcept;
/// 64 lower-case hexadecimal digits.
std::string hex_of(const digest256& digest);

/// Writes values so that two sequences of values give the same bytes only if they are the same:
/// every text has its length before it, every number its full width, every choice a mark.
class canonical_text {
public:
  canonical_text& text(std::string_view value);
  canonical_text& number(std::uint64_t value);
  canonical_text& real(double value);
  canonical_text& real(const std::optional<double>& value);
  template <class Integer>
  canonical_text& number(const std::optional<Integer>& value) {
    number(std::uint64_t{value.has_value()});
    return value ? number(static_cast<std::uint64_t>(*value)) : *this;
  }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
  [[nodiscard]] digest256 digest() const noexcept { return blake3_of(bytes_); }

private:
  std::string bytes_;
};

} // namespace flipsync
