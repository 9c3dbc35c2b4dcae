#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/door.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

raw_response answer_to(const door& d, std::string_view bytes) {
  auto client = d.connect();
  client.send(bytes);
  return client.read_response();
}

} // namespace

TEST_CASE("an unknown path is 404 and a wrong method 405 with the right ones") {
  const door d;
  auto client = d.connect();
  CHECK(client.request("GET", "/api/v2/chat").status == 404);
  const auto r = client.request("GET", "/api/v1/chat");
  CHECK(r.status == 405);
  CHECK(r.header("allow") == "POST");
  CHECK_THAT(r.body, ContainsSubstring(R"("field":"method")"));
  CHECK(client.request("DELETE", "/livez").header("allow") == "GET, HEAD");
  CHECK(client.request("BREW", "/livez").status == 405);
  CHECK(client.request("OPTIONS", "*").status == 404);
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("HEAD has the head of GET and no body") {
  const door d;
  auto client = d.connect();
  const auto whole = client.request("GET", "/livez");
  const auto head = client.request("HEAD", "/livez");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == std::to_string(whole.body.size()));
  CHECK(head.header("content-type") == whole.header("content-type"));
  CHECK(client.request("HEAD", "/nothing").status == 404);
  CHECK(client.request("GET", "/livez").body == whole.body);
}

TEST_CASE("a body that is no JSON by its type is 415, and the connection goes on") {
  const door d;
  auto client = d.connect();
  CHECK(client.request("POST", "/api/v1/chat", hello).status == 415);
  CHECK(client.request("POST", "/api/v1/chat", hello, "Content-Type: text/plain\r\n").status
        == 415);
  const auto r = client.request("POST", "/api/v1/chat", hello,
                                "Content-Type: application/json\r\nContent-Encoding: gzip\r\n");
  CHECK(r.status == 415);
  CHECK_THAT(r.body, ContainsSubstring(R"("field":"content-encoding")"));
  CHECK(client.request("POST", "/api/v1/chat", hello, "Content-Type: application/json\r\n").status
        == 200);
}

TEST_CASE("HTTP/1.1 needs one Host, HTTP/1.0 none") {
  const door d;
  CHECK(answer_to(d, "GET /livez HTTP/1.1\r\n\r\n").status == 400);
  CHECK(answer_to(d, "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status == 400);
  CHECK(answer_to(d, "GET /livez HTTP/1.0\r\n\r\n").status == 200);
}

TEST_CASE("an HTTP/1.0 client is closed on, unless it asks to stay") {
  const door d;
  auto leaving = d.connect();
  leaving.send("GET /livez HTTP/1.0\r\n\r\n");
  CHECK(leaving.read_response().header("connection") == "close");
  CHECK(leaving.closed_by_server());
  auto staying = d.connect();
  for (int i = 0; i < 2; ++i) {
    staying.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(staying.read_response().header("connection") == "keep-alive");
  }
}

TEST_CASE("Connection: close is kept to") {
  const door d;
  auto client = d.connect();
  const auto r = client.request("GET", "/livez", {}, "Connection: close\r\n");
  CHECK(r.header("connection") == "close");
  CHECK(client.closed_by_server());
}

TEST_CASE("a request id is echoed where it is harmless, and minted where it is not") {
  const door d;
  auto client = d.connect();
  const auto id_for = [&](const std::string& sent) {
    return client.request("GET", "/livez", {}, "X-Request-Id: " + sent + "\r\n")
      .header("x-request-id");
  };
  CHECK(id_for("abc-1.2:3_4") == "abc-1.2:3_4");
  CHECK(id_for("a b").size() == 16);
  CHECK(id_for("\"><script>").size() == 16);
  CHECK(id_for(std::string(129, 'a')).size() == 16);
  CHECK(id_for(std::string(128, 'a')).size() == 128);
  const auto first = client.request("GET", "/livez").header("x-request-id");
  const auto second = client.request("GET", "/livez").header("x-request-id");
  CHECK(first.size() == 16);
  CHECK(first != second);
}

TEST_CASE("a malformed trace context is not passed along") {
  const door d;
  auto client = d.connect();
  const auto echoed = [&](const std::string& sent) {
    return client.request("GET", "/livez", {}, "Traceparent: " + sent + "\r\n")
      .header("traceparent");
  };
  const std::string ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  CHECK(echoed("00-" + ids) == "00-" + ids);
  CHECK(echoed("01-" + ids + "-more") == "01-" + ids + "-more");
  CHECK(echoed("00-" + ids + "-more").empty());
  CHECK(echoed("ff-" + ids).empty());
  CHECK(echoed("00-XYZ" + ids.substr(3)).empty());
  CHECK(echoed("00").empty());
}

TEST_CASE("a client that expects it is told to continue") {
  const door d;
  auto client = d.connect();
  client.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Expect: 100-continue\r\nContent-Length: 19\r\n\r\n");
  CHECK(client.read_response().status == 100);
  client.send(hello);
  CHECK(client.read_response().status == 200);
}

TEST_CASE("a client that expects to continue is refused before it sends its body") {
  bridge_settings settings;
  settings.max_body = 1000;
  const door d{settings};
  const std::string expecting = "Host: localhost\r\nExpect: 100-continue\r\n";
  CHECK(answer_to(d, "POST /nothing HTTP/1.1\r\n" + expecting + "Content-Length: 9\r\n\r\n").status
        == 404);
  CHECK(
    answer_to(d, "POST /api/v1/chat HTTP/1.1\r\n" + expecting + "Content-Length: 9\r\n\r\n").status
    == 415);
  auto client = d.connect();
  client.send("POST /api/v1/chat HTTP/1.1\r\n" + expecting + "Content-Length: 1001\r\n\r\n");
  CHECK(client.read_response().status == 413);
  CHECK(client.closed_by_server());
}

TEST_CASE("an unknown expectation is 417") {
  const door d;
  CHECK(answer_to(d, "GET /livez HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n").status
        == 417);
}

TEST_CASE("a chunked upload is taken") {
  const door d;
  auto client = d.connect();
  client.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mes\r\n");
  client.send("e\r\nsage\":\"hello\"}\r\n0\r\n\r\n");
  const auto r = client.read_response();
  CHECK(r.status == 200);
  CHECK_THAT(r.body, ContainsSubstring(R"("message":"hello")"));
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("a body where none belongs is read and passed over") {
  const door d;
  auto client = d.connect();
  CHECK(client.request("GET", "/livez", "some body").status == 200);
  CHECK(client.request("GET", "/nothing", "some body").status == 404);
  CHECK(client.request("GET", "/livez").status == 200);
}

TEST_CASE("malformed HTTP is 400, and the connection ends") {
  const door d;
  for (const auto* bytes :
       {"\x16\x03\x01\x02\x00\x01\x00\x01", "GET /livez HTTP/3.0\r\nHost: localhost\r\n\r\n",
        "GET /livez HTTP/1.1\r\nno colon\r\n\r\n",
        "POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"}) {
    auto client = d.connect();
    client.send(bytes);
    const auto r = client.read_response();
    CHECK(r.status == 400);
    CHECK(r.header("connection") == "close");
    CHECK_THAT(r.body, ContainsSubstring(R"("request_id":)"));
    CHECK(client.closed_by_server());
  }
}

TEST_CASE("headers beyond the limit are 431, at the limit they pass") {
  const door d;
  const std::string head = "GET /livez HTTP/1.1\r\nHost: localhost\r\nA: ";
  const auto fill = 16 * 1024 - head.size() - 4;
  CHECK(answer_to(d, head + std::string(fill, 'a') + "\r\n\r\n").status == 200);
  auto client = d.connect();
  client.send(head + std::string(fill + 1, 'a') + "\r\n\r\n");
  CHECK(client.read_response().status == 431);
  CHECK(client.closed_by_server());
}

TEST_CASE("a body at the limit passes, one beyond it is 413") {
  const door d;
  const std::size_t limit = 256 * 1024;
  const std::string before = R"({"message":"x","agent":")";
  const auto body = [&](std::size_t size) {
    return before + std::string(size - before.size() - 2, 'a') + "\"}";
  };
  auto client = d.connect();
  client.send(json_post("/api/v1/chat", body(limit)));
  const auto taken = client.read_response();
  CHECK(taken.status == 400); // read and understood, but no agent's name is that long
  CHECK_THAT(taken.body, ContainsSubstring(R"("field":"agent")"));
  client.send(json_post("/api/v1/chat", body(limit + 1)));
  const auto refused = client.read_response();
  CHECK(refused.status == 413);
  CHECK_THAT(refused.body, ContainsSubstring(R"("field":"body")"));
  CHECK(client.closed_by_server());
}

TEST_CASE("a chunked body beyond the limit is 413 as well") {
  bridge_settings settings;
  settings.max_body = 1000;
  const door d{settings};
  auto client = d.connect();
  client.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i)
    client.send("64\r\n" + std::string(100, 'x') + "\r\n");
  CHECK(client.read_response().status == 413);
}

TEST_CASE("an endless chunk header does not fill the memory") {
  const door d;
  auto client = d.connect();
  client.send("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Transfer-Encoding: chunked\r\n\r\n1;");
  client.send(std::string(100'000, 'x'));
  CHECK(client.read_response().status == 400);
}

TEST_CASE("empty lines before a request are passed over") {
  const door d;
  CHECK(answer_to(d, "\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200);
}

TEST_CASE("every response carries a date and a length") {
  const door d;
  const auto r = d.connect().request("GET", "/livez");
  CHECK(r.header("date").size() == 29);
  CHECK(r.header("content-length") == std::to_string(r.body.size()));
}
