#include "adapters/bridge/websocket_upgrade.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/bridge/media_type.hpp"

namespace flipsync {

namespace {

constexpr std::size_t key_length = 24; // 16 bytes in base 64

/// Whether a comma-separated header names the token, in whatever case.
bool names(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    item = item.substr(0, item.find_last_not_of(" \t") + 1);
    if (std::equal(item.begin(), item.end(), token.begin(), token.end(),
                   [](char a, char b) { return lower_ascii(a) == b; }))
      return true;
  }
  return false;
}

bool is_key(std::string_view key) {
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+'
           || c == '/';
  };
  return key.size() == key_length && key.substr(key_length - 2) == "=="
         && std::all_of(key.begin(), key.end() - 2, is_digit);
}

error wrong_header(std::string field, std::string why) {
  return error{errc::invalid_request, std::move(why)}.with("field", std::move(field));
}

} // namespace

std::optional<upgrade_refusal> check_upgrade(const http_request& request) {
  if (request.method != http_method::get || !request.http_1_1 || !request.connection_upgrade
      || !names(request.upgrade, "websocket"))
    return upgrade_refusal{426,
                           wrong_header("upgrade",
                                        "this route is a WebSocket: GET over HTTP/1.1 "
                                        "with Connection: Upgrade and Upgrade: websocket"),
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n"};
  if (request.websocket_version != "13")
    return upgrade_refusal{
      426, wrong_header("sec-websocket-version", "only WebSocket version 13 is known"),
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"};
  if (!is_key(request.websocket_key))
    return upgrade_refusal{
      400, wrong_header("sec-websocket-key", "Sec-WebSocket-Key must be 16 bytes in base 64"), {}};
  return std::nullopt;
}

} // namespace flipsync
