#include "adapters/bridge/request_marks.hpp"

#include <algorithm>

namespace flipsync {

namespace {

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

} // namespace

bool is_traceparent(std::string_view text) noexcept {
  if (text.size() < 55 || (text.size() > 55 && (text[55] != '-' || text.substr(0, 2) == "00")))
    return false;
  if (text.size() > 128 || text.substr(0, 2) == "ff")
    return false;
  for (std::size_t i = 0; i < 55; ++i)
    if (i == 2 || i == 35 || i == 52 ? text[i] != '-' : !is_lower_hex(text[i]))
      return false;
  return std::all_of(text.begin() + 55, text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_request_id(std::string_view text) noexcept {
  constexpr std::size_t longest = 128;
  return !text.empty() && text.size() <= longest
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '-' || c == '_' || c == '.' || c == ':';
            });
}

std::string mint_request_id(std::uint64_t& state) {
  // splitmix64: every state once, in an order that looks random.
  state += 0x9e3779b97f4a7c15;
  auto z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  std::string id(16, '0');
  for (auto digit = id.rbegin(); digit != id.rend(); ++digit, z >>= 4)
    *digit = "0123456789abcdef"[z & 0xf];
  return id;
}

} // namespace flipsync
