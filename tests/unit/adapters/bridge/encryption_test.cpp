#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/access/scratch.hpp"
#include "tests/unit/adapters/bridge/door.hpp"
#include "tests/unit/adapters/bridge/tls/certificate.hpp"
#include "tests/unit/adapters/bridge/tls/tls_client.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The files of a certificate in a folder of their own.
struct certificate_files {
  certificate_files() { renew(); }
  void renew() const {
    const certificate made;
    dir.write("cert.pem", made.certificate_pem);
    dir.write("key.pem", made.key_pem);
  }
  [[nodiscard]] tls_files names() const {
    return {dir.path() / "cert.pem", dir.path() / "key.pem"};
  }
  scratch dir;
};

bridge_settings encrypted(const certificate_files& files) {
  bridge_settings settings;
  settings.tls = files.names();
  return settings;
}

/// A client that speaks TLS.
class secret_client {
public:
  explicit secret_client(const door& d) : raw_{d.connect()} {
    while (!tls_.established())
      if (!step())
        throw std::runtime_error{"no handshake"};
  }

  void send(std::string_view text) {
    tls_.send(text);
    raw_.send(tls_.take_output());
  }
  /// Reads until `end` has come; all that has come since the last time.
  std::string read_until(std::string_view end) {
    while (tls_.heard().find(end, read_) == std::string::npos)
      if (!step())
        throw std::runtime_error{"closed: " + tls_.heard().substr(read_)};
    auto out = tls_.heard().substr(read_);
    read_ = tls_.heard().size();
    return out;
  }
  /// Reads to the end of the connection.
  std::string read_all() {
    while (!tls_.ended() && step()) {
    }
    return tls_.heard().substr(read_);
  }
  [[nodiscard]] bool told_the_end() const { return tls_.ended(); }
  void goodbye() {
    tls_.close();
    raw_.send(tls_.take_output());
  }
  raw_http& raw() { return raw_; }

private:
  bool step() {
    raw_.send(tls_.take_output());
    if (tls_.established() && tls_.ended())
      return false;
    const auto piece = raw_.read_some();
    return !piece.empty() && tls_.receive(piece);
  }

  tls_client tls_;
  raw_http raw_;
  std::size_t read_ = 0;
};

constexpr auto ask_livez = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

} // namespace

TEST_CASE("an encrypted door says https and answers request after request") {
  const certificate_files files;
  const door d{encrypted(files)};
  CHECK(d.listener->url() == "https://127.0.0.1:" + std::to_string(d.listener->port()));
  secret_client client{d};
  for (int i = 0; i < 3; ++i) {
    client.send(ask_livez);
    CHECK_THAT(client.read_until("\"alive\"}"), ContainsSubstring("HTTP/1.1 200"));
  }
  client.send(std::string{ask_livez} + ask_livez);
  client.read_until("\"alive\"}");
}

TEST_CASE("a turn and a stream are answered over TLS") {
  const certificate_files files;
  door d{encrypted(files)};
  secret_client client{d};
  client.send(json_post("/api/v1/chat", hello));
  CHECK_THAT(client.read_until(R"("cached":false})"), ContainsSubstring("HTTP/1.1 200"));
  d.hold_turns();
  secret_client reader{d};
  reader.send(json_post("/api/v1/chat/stream", hello));
  d.runtime->next_turn();
  const auto turn = d.runtime->next_turn();
  turn->emit(event_type::token, "one");
  reader.read_until("one");
  turn->emit(event_type::token, "two");
  reader.read_until("two");
  turn->complete("done");
  reader.read_until("\r\n0\r\n\r\n");
}

TEST_CASE("large bodies cross records and buffers both ways") {
  const certificate_files files;
  const door d{encrypted(files)};
  secret_client client{d};
  const std::string message(8000, 'm');
  const auto padding = std::string(200'000, ' ');
  client.send(json_post("/api/v1/chat", R"({"message":")" + message + "\"" + padding + "}"));
  CHECK_THAT(client.read_until(R"("cached":false})"), ContainsSubstring(message));
}

TEST_CASE("plain HTTP on an encrypted port is told so and closed, and others go on") {
  const certificate_files files;
  const door d{encrypted(files)};
  secret_client other{d};
  auto plain = d.connect();
  plain.send(ask_livez);
  CHECK_THAT(plain.read_all(), ContainsSubstring("https://"));
  auto rubbish = d.connect();
  rubbish.send(std::string(5000, 'r'));
  rubbish.read_all();
  other.send(ask_livez);
  other.read_until("\"alive\"}");
}

TEST_CASE("the end of an encrypted connection is said and not only happens") {
  const certificate_files files;
  const door d{encrypted(files)};
  secret_client client{d};
  client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.read_all(), ContainsSubstring("alive"));
  CHECK(client.told_the_end());
}

TEST_CASE("a client that says goodbye or goes cancels its turn") {
  const certificate_files files;
  door d{encrypted(files)};
  d.hold_turns();
  secret_client polite{d};
  polite.send(json_post("/api/v1/chat", hello));
  const auto first = d.runtime->next_turn();
  polite.goodbye();
  CHECK(first->wait_cancelled() == "the client disconnected");
  secret_client gone{d};
  gone.send(json_post("/api/v1/chat", hello));
  const auto second = d.runtime->next_turn();
  gone.raw().close(true);
  CHECK(second->wait_cancelled() == "the client disconnected");
}

TEST_CASE("a client that shakes no hands is closed on in time") {
  const certificate_files files;
  auto settings = encrypted(files);
  settings.request_timeout = 100ms;
  const door d{std::move(settings)};
  auto silent = d.connect();
  CHECK(silent.closed_by_server());
}

TEST_CASE("another certificate is taken by new connections, and none by a door without") {
  const certificate_files files;
  const door d{encrypted(files)};
  secret_client old{d};
  files.renew();
  const auto renewed = tls_context::load(files.names()).value();
  d.listener->replace_certificate(renewed);
  old.send(ask_livez);
  old.read_until("\"alive\"}");
  secret_client{d}.send(ask_livez);
  secret_client fresh{d};
  fresh.send(ask_livez);
  fresh.read_until("\"alive\"}");
  const door plain;
  plain.listener->replace_certificate(renewed);
  CHECK(plain.connect().request("GET", "/livez").status == 200);
}

TEST_CASE("a wrong certificate is no door") {
  const certificate_files files;
  auto settings = encrypted(files);
  settings.tls.key = files.dir.path() / "none.pem";
  settings.port = 0;
  const auto started = bridge::start(std::move(settings), std::make_shared<fake_facade>());
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().detail("field") == "tls.key");
}
