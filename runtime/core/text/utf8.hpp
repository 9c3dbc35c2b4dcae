#pragma once
/// The little of UTF-8 that limits and word splitting need. Pure; no allocation.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace flipsync {

/// One decoded code point. `size` is 0 where the bytes at that place are not UTF-8 (a stray or
/// missing continuation byte, an overlong form, a surrogate, beyond U+10FFFF).
struct decoded {
  char32_t point = 0;
  std::size_t size = 0;
};

/// Decodes the code point at `at`, which must lie inside `text`.
decoded decode_utf8(std::string_view text, std::size_t at) noexcept;

/// The number of code points; nullopt if the text is not UTF-8.
std::optional<std::size_t> utf8_length(std::string_view text) noexcept;

} // namespace flipsync
