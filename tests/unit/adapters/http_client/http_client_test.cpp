#include "adapters/http_client/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <future>
#include <semaphore>
#include <set>
#include <thread>
#include <vector>

#include "runtime/core/ports/thread_loan.hpp"
#include "runtime/core/version.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/http_client/carrier.hpp"
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
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  server.push(
    fake_response::whole(201, "application/json", R"({"a":1})", {{"X-Mixed-Case", "Kept As Is"}}));
  const auto http = client_by(who, server);
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
  CHECK(got.target == (who == carrier::libcurl ? server.url("/v1/things?x=1") : "/v1/things?x=1"));
  CHECK(got.body == R"({"q":"hello"})");
  CHECK(got.header("authorization") == "Bearer abc");
  CHECK(got.header("content-type") == "application/json");
  CHECK(got.header("user-agent") == std::string{"flipsync/"} + version);
  CHECK(got.header("accept-encoding").find("gzip") != std::string_view::npos);
  CHECK(got.header("expect").empty());
}

TEST_CASE("methods other than POST carry the body that they are given") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = client_by(who, server);
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
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = client_by(who, server);
  const std::string body(3 * 1024 * 1024, 'x');
  REQUIRE(exchange_with(*http, post_to(server.url(), body))->wait().has_value());
  CHECK(server.requests().front().body == body);
}

TEST_CASE("an exchange has nothing of the one before it") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  fake_http_server other{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = client_by(who, server);
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

  auto got = server.requests();
  auto others = other.requests();
  if (who == carrier::libcurl) { // the proxy sees all of them
    REQUIRE(got.size() == 6);
    others.assign(got.begin() + 4, got.begin() + 5);
    got.erase(got.begin() + 4);
  }
  REQUIRE(got.size() == 5);
  CHECK(got[0].header("authorization") == "Bearer first");
  CHECK(got[1].header("authorization") == "Bearer second");
  CHECK(got[2].target.ends_with("/two"));
  CHECK(got[2].body == large);
  CHECK(got[2].header("expect").empty());
  CHECK(got[3].target.ends_with("/two"));
  CHECK(got[3].header("authorization").empty());
  CHECK(got[3].header("bad").empty());
  CHECK(got[4].target.ends_with("/one?a=1"));
  CHECK(got[4].header("authorization") == "Bearer first");
  REQUIRE(others.size() == 1);
  CHECK(others.front().header("authorization").empty());
  CHECK(others.front().header("host") == other.url().substr(7));
}

TEST_CASE("exchanges one after the other share one connection") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = client_by(who, server);
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
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  const auto http = client_by(who, server);
  for (int i = 0; i < 3; ++i) {
    server.push(fake_response::json("{}").close());
    REQUIRE(exchange_with(*http, post_to(server.url()))->wait().has_value());
  }
  CHECK(server.connections().size() == 3);
}

TEST_CASE("two hundred exchanges at once finish on at most a hundred connections") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  const auto http = client_by(who, server);
  at_once(*http, server, 200);
  CHECK(server.connections().size() <= 100);
}

TEST_CASE("what a wave of exchanges has used is kept for the next one") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  http_client_settings settings;
  settings.max_idle_connections = 2;
  const auto http = client_by(who, server, settings);
  for (int wave = 0; wave < 3; ++wave)
    at_once(*http, server, 30);
  CHECK(server.connections().size() == 30);
  CHECK(server.open_connections() == 30);
}

TEST_CASE("connections that were not needed lately are closed as exchanges end, but for those that "
          "may be idle") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) {
    return fake_response::json("{}").after(std::chrono::milliseconds{20});
  }};
  http_client_settings settings;
  settings.max_idle_connections = 5;
  settings.keep_used = {};
  const auto http = client_by(who, server, settings);
  at_once(*http, server, 30);
  // The last call that began saw all of them in use.
  for (int i = 0; i < 30; ++i)
    REQUIRE(exchange_with(*http, post_to(server.url()))->wait().has_value());
  REQUIRE(server.wait_for_closed(25));
  CHECK(server.open_connections() == 5);
  CHECK(server.connections().size() == 30);
}

TEST_CASE("more waiting exchanges than allowed are refused as overloaded") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::silence(); }};
  http_client_settings settings;
  settings.max_connections = 1;
  settings.max_waiting = 1;
  const auto http = client_by(who, server, settings);
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
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  server.push(fake_response::chunked(200, "text/event-stream").chunk("data: one\n\n").hang());
  const auto http = client_by(who, server);
  const auto seen = std::make_shared<recording_observer>();
  const auto running = http->start(post_to(server.url()), seen);
  REQUIRE(seen->wait_for_chunks(1));
  CHECK(seen->body() == "data: one\n\n");
  CHECK(seen->finishes() == 0);
  running->cancel();
}

TEST_CASE("redirects are reported, not followed") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  server.push(fake_response::whole(302, "text/html", "", {{"Location", server.url("/elsewhere")}}));
  const auto http = client_by(who, server);
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
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  const auto http = client_by(who, server);
  auto request = post_to(server.url());
  request.headers.emplace_back("x-evil", "a\r\nx-injected: 1");
  const auto seen = exchange_with(*http, request);
  REQUIRE_FALSE(seen->wait().has_value());
  CHECK(seen->wait().error().code == errc::invalid_request);
  CHECK(server.requests().empty());
}

TEST_CASE("an exchange may be started from within an observer") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = client_by(who, server);
  const auto first = std::make_shared<recording_observer>();
  const auto second = std::make_shared<recording_observer>();
  first->at_finish = [&] { http->start(post_to(server.url("/second")), second); };
  http->start(post_to(server.url("/first")), first);
  REQUIRE(first->wait().has_value());
  REQUIRE(second->wait().has_value());
  CHECK(first->thread() == second->thread());
}

TEST_CASE("interim responses are passed over") {
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  fake_http_server server;
  fake_response response;
  response.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
  server.push(response);
  const auto http = client_by(who, server);
  const auto seen = exchange_with(*http, post_to(server.url()));
  REQUIRE(seen->wait().has_value());
  CHECK(seen->head().status == 200);
  CHECK(seen->head().header("link").empty());
}

TEST_CASE(
  "an answer that comes before the request is sent whole is taken, and ends its connection") {
  boost::asio::io_context io;
  using boost::asio::ip::tcp;
  tcp::acceptor eager{io, {boost::asio::ip::address_v4::loopback(), 0}};
  std::counting_semaphore<> taken{0};
  std::jthread refuses{[&] {
    for (int i = 0; i < 2; ++i) {
      tcp::socket socket{io};
      eager.accept(socket);
      std::array<char, 1024> some;
      socket.read_some(boost::asio::buffer(some));
      const std::string_view answer = "HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno";
      boost::asio::write(socket, boost::asio::buffer(answer));
      taken.acquire();
      // The client's close comes after what it had sent.
      boost::system::error_code why;
      std::vector<char> rest(std::size_t{1024} * 1024);
      while (!why)
        socket.read_some(boost::asio::buffer(rest), why);
    }
  }};
  const auto http = make_http_client();
  const auto url = "http://127.0.0.1:" + std::to_string(eager.local_endpoint().port());
  const std::string more_than_sockets_take(std::size_t{64} * 1024 * 1024, 'x');
  for (int i = 0; i < 2; ++i) {
    const auto seen = exchange_with(*http, post_to(url, more_than_sockets_take));
    taken.release();
    CHECK(seen->wait().has_value());
    CHECK(seen->head().status == 413);
    CHECK(seen->body() == "no");
  }
}

TEST_CASE("a server that says more than was asked for loses its connection") {
  fake_http_server server;
  server.push(fake_response{}.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
                                   "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad"));
  server.push(fake_response::json("[]"));
  const auto http = make_http_client();
  CHECK(exchange_with(*http, post_to(server.url()))->body() == "{}");
  CHECK(exchange_with(*http, post_to(server.url()))->body() == "[]");
  CHECK(server.connections().size() == 2);
}

TEST_CASE("a body may end with its connection, and HTTP/1.0 keeps none") {
  fake_http_server server{[](const fake_request&) {
    return fake_response{}.send("HTTP/1.0 200 OK\r\n\r\nuntil the end").close();
  }};
  const auto http = make_http_client();
  for (int i = 0; i < 2; ++i) {
    const auto seen = exchange_with(*http, post_to(server.url()));
    REQUIRE(seen->wait().has_value());
    CHECK(seen->body() == "until the end");
  }
}

TEST_CASE("an answer to HEAD has no body, whatever its length says") {
  fake_http_server server{[](const fake_request&) {
    return fake_response{}.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
  }};
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto http = client_by(who, server);
  for (int i = 0; i < 2; ++i) {
    auto request = post_to(server.url(), "");
    request.method = "HEAD";
    const auto seen = exchange_with(*http, request);
    REQUIRE(seen->wait().has_value());
    CHECK(seen->body().empty());
  }
  CHECK(server.connections().size() == 1);
}

TEST_CASE("a method or header that is no word is refused before anything is sent") {
  fake_http_server server;
  const auto who = GENERATE(carrier::ourselves, carrier::libcurl);
  CAPTURE(who);
  const auto http = client_by(who, server);
  for (const auto& [method, name] :
       {std::pair{"GET /evil HTTP/1.1\r\n\r\nGET", "x"}, std::pair{"GET /evil", "x"},
        std::pair{"", "x"}, std::pair{"GET", ""}, std::pair{"GET", "x: y"}, std::pair{"GET", "x\t"},
        std::pair{"GET", "x\xc3\xa4"}}) {
    auto request = post_to(server.url());
    request.method = method;
    request.headers.emplace_back(name, "1");
    const auto seen = exchange_with(*http, request);
    REQUIRE_FALSE(seen->wait().has_value());
    CHECK(seen->wait().error().code == errc::invalid_request);
  }
  CHECK(server.requests().empty());
}

TEST_CASE("what is put off on the client's own thread is called there before it waits") {
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client({});
  auto seen = std::make_shared<recording_observer>();
  std::promise<std::thread::id> called;
  seen->at_finish = [&] {
    thread_loan::later([&] { // and what that puts off, too
      thread_loan::later([&] { called.set_value(std::this_thread::get_id()); });
    });
  };
  http->start(post_to(server.url()), seen);
  REQUIRE(seen->wait().has_value());
  auto where = called.get_future();
  REQUIRE(where.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
  CHECK(where.get() == seen->thread());
}
