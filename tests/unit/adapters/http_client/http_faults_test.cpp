/// What the client makes of servers that fail, stall or talk nonsense.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cerrno>
#include <chrono>

#include "adapters/http_client/http_client.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/http_client/carrier.hpp"
#include "tests/unit/adapters/http_client/recording_observer.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

error failure_of(byte_exchange& http, exchange_request request) {
  const auto seen = std::make_shared<recording_observer>();
  http.start(std::move(request), seen);
  const auto outcome = seen->wait();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(seen->finishes() == 1);
  return outcome.error();
}

error failure_after(carrier who, fake_response answer, exchange_request limits = {}) {
  fake_http_server server;
  server.push(std::move(answer));
  const auto http = client_by(who, server);
  limits.url = server.url();
  limits.body = "{}";
  return failure_of(*http, std::move(limits));
}

/// A port on which nobody listens: it was free a moment ago.
std::string refusing_url() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor taken{io, {boost::asio::ip::address_v4::loopback(), 0}};
  return "http://127.0.0.1:" + std::to_string(taken.local_endpoint().port());
}

} // namespace

TEST_CASE("a refused connection is provider_unavailable in phase connect") {
  const auto http = make_http_client();
  const auto why = failure_of(*http, post_to(refusing_url()));
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "connect");
}

TEST_CASE("a name that cannot be resolved is provider_unavailable in phase connect") {
  const auto http = make_http_client();
  const auto why = failure_of(*http, post_to("http://no-such-host.invalid/"));
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "connect");
}

TEST_CASE("a server that speaks no TLS fails an https exchange in phase connect") {
  fake_http_server server;
  server.push(fake_response::whole(400, "text/plain", "this port speaks plain HTTP").close());
  const auto http = make_http_client();
  const auto why = failure_of(*http, post_to("https://127.0.0.1:" + std::to_string(server.port())));
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "connect");
}

TEST_CASE("a reset before the headers is provider_unavailable in phase head") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why = failure_after(who, fake_response{}.reset());
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "head");
}

TEST_CASE("a close before the headers is provider_unavailable in phase head") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why = failure_after(who, fake_response{}.close());
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "head");
}

TEST_CASE("a request that meets the end of a kept connection is sent once more, on a new one, and "
          "only once") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  const auto http = client_by(who, server);
  const auto succeeds = [&] {
    const auto seen = std::make_shared<recording_observer>();
    http->start(post_to(server.url()), seen);
    return seen->wait().has_value();
  };
  server.push(fake_response::json("{}"));
  REQUIRE(succeeds());
  server.push(fake_response{}.close());
  server.push(fake_response::json("{}"));
  CHECK(succeeds());
  CHECK(server.requests().size() == 3);
  server.push(fake_response{}.close());
  server.push(fake_response{}.close());
  const auto why = failure_of(*http, post_to(server.url()));
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "head");
  CHECK(server.requests().size() == 5);
}

TEST_CASE("a chunked body that is cut is provider_unavailable in phase body") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why =
    failure_after(who, fake_response::chunked(200, "text/plain").chunk("abc").close());
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "body");
}

TEST_CASE("a body shorter than its length is provider_unavailable in phase body") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why = failure_after(
    who, fake_response{}.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").close());
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "body");
}

TEST_CASE("a reset within the body is provider_unavailable in phase body") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why =
    failure_after(who, fake_response::chunked(200, "text/plain").chunk("abc").wait(5ms).reset());
  CHECK(why.code == errc::provider_unavailable);
  CHECK(why.detail("phase") == "body");
}

TEST_CASE("an answer that is no HTTP is malformed_reply") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why =
    failure_after(who, fake_response{}.send("\x01\x02garbage of all kinds\r\n\r\n").close());
  CHECK(why.code == errc::malformed_reply);
}

TEST_CASE("a broken chunk size is malformed_reply") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why =
    failure_after(who, fake_response::chunked(200, "text/plain").send("xyz\r\nabc\r\n").close());
  CHECK(why.code == errc::malformed_reply);
}

TEST_CASE("a body that claims gzip and is not is malformed_reply") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto why = failure_after(
    who, fake_response::whole(200, "text/plain", "plain words", {{"content-encoding", "gzip"}}));
  CHECK(why.code == errc::malformed_reply);
}

TEST_CASE("headers without end are malformed_reply, not memory") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_response endless;
  endless.send("HTTP/1.1 200 OK\r\n").send("x-more: " + std::string(1000, 'h') + "\r\n", 1000);
  CHECK(failure_after(who, endless.hang()).code == errc::malformed_reply);
}

TEST_CASE("a body without end is stopped at the allowed size and its connection closed") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  server.push(fake_response::chunked(200, "text/plain").chunk(std::string(4096, 'z'), 100000));
  const auto http = client_by(who, server);
  auto request = post_to(server.url());
  request.max_response_bytes = 64 * 1024;
  const auto seen = std::make_shared<recording_observer>();
  http->start(std::move(request), seen);
  REQUIRE_FALSE(seen->wait().has_value());
  CHECK(seen->wait().error().code == errc::malformed_reply);
  CHECK(seen->body().size() <= 64 * 1024);
  CHECK(server.wait_for_closed(1));
}

TEST_CASE("a server that accepts and never answers meets the first byte limit") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  exchange_request limits;
  limits.first_byte_timeout = 60ms;
  const auto begun = std::chrono::steady_clock::now();
  const auto why = failure_after(who, fake_response::silence(), limits);
  const auto took = std::chrono::steady_clock::now() - begun;
  CHECK(why.code == errc::deadline_exceeded);
  CHECK(why.detail("phase") == "first_byte");
  CHECK(took >= 60ms);
  CHECK(took < 2s);
}

TEST_CASE("a stream that falls silent meets the idle limit, counted from its last byte") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  exchange_request limits;
  limits.idle_timeout = 120ms;
  const auto begun = std::chrono::steady_clock::now();
  auto answer = fake_response::chunked(200, "text/plain");
  for (int i = 0; i < 4; ++i)
    answer.wait(60ms).chunk("x");
  const auto why = failure_after(who, answer.hang(), limits);
  CHECK(why.code == errc::deadline_exceeded);
  CHECK(why.detail("phase") == "idle");
  CHECK(std::chrono::steady_clock::now() - begun >= 360ms);
}

TEST_CASE("a stream that is never silent but never ends meets the total limit") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  exchange_request limits;
  limits.total_timeout = 150ms;
  auto answer = fake_response::chunked(200, "text/plain");
  for (int i = 0; i < 1000; ++i)
    answer.wait(10ms).chunk("x");
  const auto why = failure_after(who, answer, limits);
  CHECK(why.code == errc::deadline_exceeded);
  CHECK(why.detail("phase") == "total");
}

TEST_CASE("a peer that does not complete the connection meets the connect limit") {
  // A full accept queue: the kernel lets further connections hang.
  boost::asio::io_context io;
  using boost::asio::ip::tcp;
  tcp::acceptor full{io};
  full.open(tcp::v4());
  full.bind({boost::asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<tcp::socket> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.emplace_back(io, tcp::v4());
    fillers.back().native_non_blocking(true);
    const int begun = ::connect(fillers.back().native_handle(), full.local_endpoint().data(),
                                full.local_endpoint().size());
    CHECK((begun == 0 || errno == EINPROGRESS));
  }
  const auto http = make_http_client();
  auto request = post_to("http://127.0.0.1:" + std::to_string(full.local_endpoint().port()));
  request.connect_timeout = 80ms;
  const auto why = failure_of(*http, request);
  CHECK(why.code == errc::deadline_exceeded);
  CHECK(why.detail("phase") == "connect");
}

TEST_CASE("an exchange that waits for a connection still ends at its total limit") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  http_client_settings settings;
  settings.max_connections = 1;
  const auto http = client_by(who, server, settings);
  http->start(post_to(server.url()), std::make_shared<recording_observer>());
  REQUIRE(server.wait_for_requests(1));
  auto request = post_to(server.url());
  request.total_timeout = 50ms;
  const auto why = failure_of(*http, request);
  CHECK(why.code == errc::deadline_exceeded);
  CHECK(why.detail("phase") == "total");
}

TEST_CASE("no time left at all is deadline_exceeded and sends nothing") {
  fake_http_server server;
  const auto http = make_http_client();
  auto request = post_to(server.url());
  request.total_timeout = 0ms;
  CHECK(failure_of(*http, request).code == errc::deadline_exceeded);
}
