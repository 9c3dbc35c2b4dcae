#include "adapters/bridge/websocket_upgrade.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

http_request handshake() {
  http_request request;
  request.method = http_method::get;
  request.connection_upgrade = true;
  request.upgrade = "websocket";
  request.websocket_version = "13";
  request.websocket_key = "dGhlIHNhbXBsZSBub25jZQ==";
  return request;
}

int status_of(const http_request& request) {
  const auto refused = check_upgrade(request);
  return refused ? refused->status : 101;
}

} // namespace

TEST_CASE("a handshake is taken as the standard has it, in whatever case") {
  auto request = handshake();
  CHECK(status_of(request) == 101);
  request.upgrade = "h2c, WebSocket";
  CHECK(status_of(request) == 101);
}

TEST_CASE("a request that is no handshake is told what this route is") {
  auto plain = handshake();
  plain.connection_upgrade = false;
  CHECK(status_of(plain) == 426);
  auto other = handshake();
  other.upgrade = "h2c";
  CHECK(status_of(other) == 426);
  auto head = handshake();
  head.method = http_method::head;
  CHECK(status_of(head) == 426);
  auto old = handshake();
  old.http_1_1 = false;
  CHECK(status_of(old) == 426);
  CHECK(check_upgrade(plain)->headers.find("Upgrade: websocket") != std::string::npos);
}

TEST_CASE("another version is told which one is known") {
  auto request = handshake();
  request.websocket_version = "8";
  const auto refused = check_upgrade(request);
  REQUIRE(refused);
  CHECK(refused->status == 426);
  CHECK(refused->headers.find("Sec-WebSocket-Version: 13") != std::string::npos);
}

TEST_CASE("a key that is not 16 bytes in base 64 is refused") {
  for (const auto* key : {"", "x", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ=a",
                          "dGhlIHNhbXBsZSBub25j!Q=="}) {
    auto request = handshake();
    request.websocket_key = key;
    CHECK(status_of(request) == 400);
    CHECK(check_upgrade(request)->why.detail("field") == "sec-websocket-key");
  }
}
