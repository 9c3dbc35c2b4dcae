#include "adapters/bridge/tls/tls_channel.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/ssl.h>

#include <utility>

#include "tests/unit/adapters/bridge/access/scratch.hpp"
#include "tests/unit/adapters/bridge/tls/certificate.hpp"
#include "tests/unit/adapters/bridge/tls/tls_client.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;
using state = tls_channel::state;

namespace {

std::shared_ptr<const tls_context> context() {
  static const auto made = [] {
    const certificate cert;
    const scratch dir;
    dir.write("cert.pem", cert.certificate_pem);
    dir.write("key.pem", cert.key_pem);
    return tls_context::load({dir.path() / "cert.pem", dir.path() / "key.pem"}).value();
  }();
  return made;
}

/// Carries bytes between the two until neither has more; the server gets them `piece` at a time.
state exchange(tls_client& client, tls_channel& server, std::string& plain,
               std::size_t piece = 1'000'000) {
  auto now = state::open;
  for (;;) {
    auto to_server = client.take_output();
    const auto to_client = std::exchange(server.to_send(), {});
    if (to_server.empty() && to_client.empty())
      return now;
    for (std::string_view rest = to_server; !rest.empty();) {
      now = server.receive(rest.substr(0, piece), plain);
      rest.remove_prefix(std::min(piece, rest.size()));
    }
    if (!to_client.empty())
      client.receive(to_client);
  }
}

} // namespace

TEST_CASE("both sides hear what the other says") {
  tls_channel server{context()};
  tls_client client;
  std::string plain;
  CHECK(exchange(client, server, plain) == state::open);
  CHECK(server.established());
  CHECK(client.established());
  client.send("a request");
  CHECK(exchange(client, server, plain) == state::open);
  CHECK(plain == "a request");
  CHECK(server.send("an answer"));
  exchange(client, server, plain);
  CHECK(client.heard() == "an answer");
}

TEST_CASE("bytes may come one at a time, and much may come at once") {
  tls_channel server{context()};
  tls_client client;
  std::string plain;
  exchange(client, server, plain, 1);
  CHECK(server.established());
  const std::string much(300'000, 'x');
  client.send(much);
  exchange(client, server, plain, 1000);
  CHECK(plain == much);
  CHECK(server.send(much));
  exchange(client, server, plain);
  CHECK(client.heard() == much);
}

TEST_CASE("TLS 1.3 and 1.2 are spoken, older ones are not") {
  for (const auto& [version, name] :
       {std::pair{TLS1_3_VERSION, "TLSv1.3"}, std::pair{TLS1_2_VERSION, "TLSv1.2"}}) {
    tls_channel server{context()};
    tls_client client{version};
    std::string plain;
    exchange(client, server, plain);
    CHECK(client.protocol() == name);
    CHECK(client.alpn() == "http/1.1");
  }
  tls_channel server{context()};
  tls_client old{TLS1_1_VERSION};
  std::string plain;
  exchange(old, server, plain);
  CHECK_FALSE(server.established());
  CHECK_FALSE(old.established());
}

TEST_CASE("plain HTTP is told in plain that this is TLS") {
  tls_channel server{context()};
  std::string plain;
  CHECK(server.receive("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", plain) == state::failed);
  CHECK(plain.empty());
  const auto& said = server.to_send();
  CHECK_THAT(said, ContainsSubstring("HTTP/1.1 400 "));
  const auto body = said.substr(said.find("\r\n\r\n") + 4);
  CHECK_THAT(said, ContainsSubstring("Content-Length: " + std::to_string(body.size()) + "\r\n"));
  CHECK_THAT(body, ContainsSubstring("https://"));
}

TEST_CASE("rubbish fails with a reason, and stays failed") {
  tls_channel server{context()};
  std::string plain;
  CHECK(server.receive(std::string(1000, '\x16'), plain) == state::failed);
  CHECK_FALSE(server.why().empty());
  CHECK(server.receive("more", plain) == state::failed);
  CHECK_FALSE(server.send("x"));
  CHECK(plain.empty());
}

TEST_CASE("a record that was changed on the way ends the connection") {
  tls_channel server{context()};
  tls_client client;
  std::string plain;
  exchange(client, server, plain);
  client.send("a request");
  auto bytes = client.take_output();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  CHECK(server.receive(bytes, plain) == state::failed);
  CHECK(plain.empty());
  CHECK_FALSE(server.to_send().empty());
}

TEST_CASE("each side is told when the other has said all") {
  tls_channel server{context()};
  tls_client client;
  std::string plain;
  exchange(client, server, plain);
  client.send("last");
  client.close();
  CHECK(exchange(client, server, plain) == state::ended);
  CHECK(plain == "last");
  CHECK(server.send("still answered"));
  server.close();
  exchange(client, server, plain);
  CHECK(client.heard() == "still answered");
  CHECK(client.ended());
}
