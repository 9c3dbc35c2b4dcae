#pragma once
/// Words of the heads of requests and responses: what may stand there, and when two are the same.

#include <curl/curl.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync::http {

inline bool breaks_the_line(std::string_view text) noexcept {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

/// What methods and names of headers are (RFC 9110, 5.6.2: token).
inline bool is_word(std::string_view text) noexcept {
  constexpr std::string_view no_part = "\"(),/:;<=>?@[\\]{}";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return c > ' ' && c < '\x7f' && no_part.find(c) == std::string_view::npos;
  });
}

/// Names of headers, whatever their case.
inline bool same_name(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && curl_strnequal(a.data(), b.data(), a.size()) != 0;
}

inline std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// Errors: invalid_request (a method or header's name that is no word, a line break in a value).
inline result<void> check_request(const exchange_request& request) {
  if (!is_word(request.method))
    return error{errc::invalid_request, "the method is no word"}.with("field", "method");
  for (const auto& [name, value] : request.headers)
    if (!is_word(name) || breaks_the_line(value))
      return error{errc::invalid_request,
                   "a header's name is no word, or its value has a line break"}
        .with("field", "headers");
  return {};
}

} // namespace flipsync::http
