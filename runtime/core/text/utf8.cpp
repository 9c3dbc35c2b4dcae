#include "runtime/core/text/utf8.hpp"

namespace flipsync {

namespace {

/// The length that a lead byte announces and the lowest code point that may be written so long.
struct form {
  std::size_t size;
  char32_t lowest;
  char32_t bits;
};

form form_of(unsigned char lead) noexcept {
  if (lead < 0x80)
    return {1, 0, lead};
  if (lead >= 0xC2 && lead <= 0xDF)
    return {2, 0x80, lead & 0x1Fu};
  if (lead >= 0xE0 && lead <= 0xEF)
    return {3, 0x800, lead & 0x0Fu};
  if (lead >= 0xF0 && lead <= 0xF4)
    return {4, 0x10000, lead & 0x07u};
  return {0, 0, 0};
}

} // namespace

decoded decode_utf8(std::string_view text, std::size_t at) noexcept {
  const auto shape = form_of(static_cast<unsigned char>(text[at]));
  if (shape.size == 0 || text.size() - at < shape.size)
    return {};
  char32_t point = shape.bits;
  for (std::size_t i = 1; i < shape.size; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0u) != 0x80u)
      return {};
    point = (point << 6) | (next & 0x3Fu);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < shape.lowest || point > 0x10FFFF || surrogate)
    return {};
  return {point, shape.size};
}

std::optional<std::size_t> utf8_length(std::string_view text) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const auto here = decode_utf8(text, at);
    if (here.size == 0)
      return std::nullopt;
    at += here.size;
  }
  return count;
}

} // namespace flipsync
