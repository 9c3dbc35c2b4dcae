#pragma once
/// ASCII letters, for words of protocols and formats that know no others.

#include <algorithm>
#include <string>
#include <string_view>

namespace flipsync {

/// The letter in upper case; every other byte as it is.
constexpr char ascii_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// The text with its ASCII letters in lower case; every other byte stays as it is.
inline std::string ascii_lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

} // namespace flipsync
