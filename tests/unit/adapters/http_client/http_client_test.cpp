#include "adapters/http_client/http_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <vector>

#include "runtime/core/version.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/http_client/recording_observer.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

std::shared_ptr<recording_observer> exchange_with(byte_exchange& http, exchange_request request) {
  auto seen = std::make_shared<recording_observer>();
  http.start(std::move(request), seen);
  seen->wait();
  return seen;
}

/// Starts so many exchanges, then waits for them all.
void at_once(byte_exchange& http, const fake_http_server& server, int count) {
  std::vector<std::shared_ptr<recording_observer>> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(std::make_shared<recording_observer>());
    http.start(post_to(server.url()), all.back());
  }
  for (const auto& seen : all) {
    REQUIRE(seen->wait().has_value());
    CHECK(seen->finishes() == 1);
  }
}

} // namespace

TEST_CASE("an exchange sends method, headers and body, and brings status, headers and body back") {
  fake_http_server server;
  server.push(
    fake_response::whole(201, "application/json", R"({"a":1})", {{"X-Mixed-Case", "Kept As Is"}}));
  const auto http = make_http_client();
  auto request = post_to(server.url("/v1/things?x=1"), R"({"q":"hello"})");
  request.headers.emplace_back("authorization", "Bearer abc");
  const auto seen = exchange_with(*http, std::move(request));

  REQUIRE(seen->wait().has_value());
  CHECK(seen->head().status == 201);
  CHECK(seen->head().header("x-mixed-case") == "Kept As Is");
  CHECK(seen->body() == R"({"a":1})");
  REQUIRE(server.requests().size() == 1);
  const auto got = server.requests().front();
  CHECK(got.method == "POST");
  CHECK(got.target == "/v1/things?x=1");
  CHECK(got.body == R"({"q":"hello"})");
  CHECK(got.header("authorization") == "Bearer abc");
  CHECK(got.header("content-type") == "application/json");
  CHECK(got.header("user-agent") == std::string{"flipsync/"} + version);
  CHECK(got.header("accept-encoding").find("gzip") != std::string_view::npos);
  CHECK(got.header("expect").empty());
}

TEST_CASE("methods other than POST carry the body that they are given") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  for (const auto& [method, body] :
       {std::pair{"GET", ""}, std::pair{"DELETE", R"({"name":"m"})"}, std::pair{"PUT", "x"},
        std::pair{"POST", ""}, std::pair{"GET", ""}}) {
    auto request = post_to(server.url("/"), body);
    request.method = method;
    REQUIRE(exchange_with(*http, request)->wait().has_value());
    CHECK(server.requests().back().method == method);
    CHECK(server.requests().back().body == body);
  }
}

TEST_CASE("a large body arrives whole, without waiting for the server's leave") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  const std::string body(3 * 1024 * 1024, 'x');
  REQUIRE(exchange_with(*http, post_to(server.url(), body))->wait().has_value());
  CHECK(server.requests().front().body == body);
}

TEST_CASE("an exchange has nothing of the one before it") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  fake_http_server other{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  const auto ask = [&](fake_http_server& at, const std::string& target, const std::string& body,
                       const std::vector<std::pair<std::string, std::string>>& headers) {
    auto request = post_to(at.url(target), body);
    request.headers = headers;
    return exchange_with(*http, std::move(request))->wait();
  };
  const std::string large(2 * 1024 * 1024, 'x');
  REQUIRE(ask(server, "/one?a=1", "small", {{"authorization", "Bearer first"}}).has_value());
  REQUIRE(ask(server, "/one?a=1", "small", {{"authorization", "Bearer second"}}).has_value());
  REQUIRE(ask(server, "/two", large, {{"authorization", "Bearer second"}}).has_value());
  CHECK_FALSE(ask(server, "/two", "small", {{"bad", "line\r\nbreak"}}).has_value());
  REQUIRE(ask(server, "/two", "small", {}).has_value());
  REQUIRE(ask(other, "/two", "small", {{"x-more", ""}}).has_value());
  REQUIRE(ask(server, "/one?a=1", "small", {{"authorization", "Bearer first"}}).has_value());

  const auto got = server.requests();
  REQUIRE(got.size() == 5);
  CHECK(got[0].header("authorization") == "Bearer first");
  CHECK(got[1].header("authorization") == "Bearer second");
  CHECK(got[2].target == "/two");
  CHECK(got[2].body == large);
  CHECK(got[2].header("expect").empty());
  CHECK(got[3].target == "/two");
  CHECK(got[3].header("authorization").empty());
  CHECK(got[3].header("bad").empty());
  CHECK(got[4].target == "/one?a=1");
  CHECK(got[4].header("authorization") == "Bearer first");
  REQUIRE(other.requests().size() == 1);
  CHECK(other.requests().front().header("authorization").empty());
}

TEST_CASE("exchanges one after the other share one connection") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  for (int i = 0; i < 20; ++i)
    REQUIRE(exchange_with(*http, post_to(server.url()))->wait().has_value());
  CHECK(server.connections().size() == 1);
}

TEST_CASE("a name whose first address refuses is reached at its next one, again and again") {
  // localhost is tried as ::1 first, where the server does not listen.
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}").close(); }};
  const auto http = make_http_client();
  for (int i = 0; i < 5; ++i) {
    const auto seen =
      exchange_with(*http, post_to("http://localhost:" + std::to_string(server.port())));
    REQUIRE(seen->wait().has_value());
  }
  CHECK(server.connections().size() == 5);
}

TEST_CASE("a kept connection that the server has closed is replaced without an error") {
  fake_http_server server;
  const auto http = make_http_client();
  for (int i = 0; i < 3; ++i) {
    server.push(fake_response::json("{}").close());
    REQUIRE(exchange_with(*http, post_to(server.url()))->wait().has_value());
  }
  CHECK(server.connections().size() == 3);
}

TEST_CASE("two hundred exchanges at once finish on at most a hundred connections") {
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  const auto http = make_http_client();
  at_once(*http, server, 200);
  CHECK(server.connections().size() <= 100);
}

TEST_CASE("what a wave of exchanges has used is kept for the next one") {
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  http_client_settings settings;
  settings.max_idle_connections = 2;
  const auto http = make_http_client(settings);
  for (int wave = 0; wave < 3; ++wave)
    at_once(*http, server, 30);
  CHECK(server.connections().size() == 30);
  CHECK(server.open_connections() == 30);
}

TEST_CASE("connections that were not needed lately are closed as exchanges end, but for those that "
          "may be idle") {
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  http_client_settings settings;
  settings.max_idle_connections = 5;
  settings.keep_used = {};
  const auto http = make_http_client(settings);
  at_once(*http, server, 30);
  // The last call that began saw all of them in use.
  for (int i = 0; i < 30; ++i)
    REQUIRE(exchange_with(*http, post_to(server.url()))->wait().has_value());
  REQUIRE(server.wait_for_closed(25));
  CHECK(server.open_connections() == 5);
  CHECK(server.connections().size() == 30);
}

TEST_CASE("more waiting exchanges than allowed are refused as overloaded") {
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  http_client_settings settings;
  settings.max_connections = 1;
  settings.max_waiting = 1;
  const auto http = make_http_client(settings);
  const auto first = std::make_shared<recording_observer>();
  http->start(post_to(server.url()), first);
  REQUIRE(server.wait_for_requests(1));
  const auto second = std::make_shared<recording_observer>();
  http->start(post_to(server.url()), second);
  const auto third = exchange_with(*http, post_to(server.url()));
  REQUIRE_FALSE(third->wait().has_value());
  CHECK(third->wait().error().code == errc::overloaded);
  CHECK(second->finishes() == 0);
}

TEST_CASE("chunks of a stream arrive one by one, not at the end") {
  fake_http_server server;
  server.push(fake_response::chunked(200, "text/event-stream").chunk("data: one\n\n").hang());
  const auto http = make_http_client();
  const auto seen = std::make_shared<recording_observer>();
  const auto running = http->start(post_to(server.url()), seen);
  REQUIRE(seen->wait_for_chunks(1));
  CHECK(seen->body() == "data: one\n\n");
  CHECK(seen->finishes() == 0);
  running->cancel();
}

TEST_CASE("redirects are reported, not followed") {
  fake_http_server server;
  server.push(fake_response::whole(302, "text/html", "", {{"Location", server.url("/elsewhere")}}));
  const auto http = make_http_client();
  const auto seen = exchange_with(*http, post_to(server.url("/start")));
  CHECK(seen->head().status == 302);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("addresses that are not http or https are refused") {
  const auto http = make_http_client();
  for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "not a url at all", ""}) {
    const auto seen = exchange_with(*http, post_to(url));
    REQUIRE_FALSE(seen->wait().has_value());
    CHECK(seen->wait().error().code == errc::invalid_request);
  }
}

TEST_CASE("a header with a line break is refused before anything is sent") {
  fake_http_server server;
  const auto http = make_http_client();
  auto request = post_to(server.url());
  request.headers.emplace_back("x-evil", "a\r\nx-injected: 1");
  const auto seen = exchange_with(*http, request);
  REQUIRE_FALSE(seen->wait().has_value());
  CHECK(seen->wait().error().code == errc::invalid_request);
  CHECK(server.requests().empty());
}

TEST_CASE("an exchange may be started from within an observer") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client();
  const auto first = std::make_shared<recording_observer>();
  const auto second = std::make_shared<recording_observer>();
  first->at_finish = [&] { http->start(post_to(server.url("/second")), second); };
  http->start(post_to(server.url("/first")), first);
  REQUIRE(first->wait().has_value());
  REQUIRE(second->wait().has_value());
  CHECK(first->thread() == second->thread());
}

TEST_CASE("interim responses are passed over") {
  fake_http_server server;
  fake_response response;
  response.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
  server.push(response);
  const auto http = make_http_client();
  const auto seen = exchange_with(*http, post_to(server.url()));
  REQUIRE(seen->wait().has_value());
  CHECK(seen->head().status == 200);
  CHECK(seen->head().header("link").empty());
}
